"""One request over a connection of its own, and its answer, piece by piece."""

import asyncio
import json
from collections.abc import Mapping

import h11

CHUNK = 65536


class CallerGoneError(Exception):
    """Whoever asked has closed the connection."""


class Caller:
    """Whoever asks.

    Args:
        reader: What they send.
        writer: Where the answer goes.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)
        self.has_begun = False

    async def read(self) -> tuple[h11.Request, bytes]:
        """Read the request: its head and its body.

        Raises:
            CallerGoneError: there is none: they left, or do not speak HTTP.
        """
        head: h11.Request | None = None
        body = bytearray()
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise CallerGoneError from error
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._reader.read(CHUNK))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return head, bytes(body)
            else:
                raise CallerGoneError

    async def wait_for_hang_up(self) -> None:
        """Wait until they close the connection; they have nothing more to say."""
        while await self._reader.read(CHUNK):
            pass

    async def begin(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        """Send the head of an answer that comes in pieces."""
        self.has_begun = True
        await self._send(make_head(status, content_type, {**headers, **CHUNKED}))

    async def send(self, data: bytes) -> None:
        """Send a piece."""
        if data:
            await self._send(h11.Data(data=data))

    async def finish(self) -> None:
        """Say that this was all."""
        await self._send(h11.EndOfMessage())

    async def answer(
        self,
        body: bytes,
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send a whole answer."""
        length = {"Content-Length": str(len(body))}
        await self._send(make_head(status, content_type, {**(headers or {}), **length}))
        await self.send(body)
        await self.finish()

    async def refuse(
        self, status: int, code: str, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send an error as the API words it."""
        error = {"message": text, "type": code, "param": None, "code": code}
        await self.answer(json.dumps({"error": error}).encode(), status, headers=headers)

    async def _send(self, event: h11.Event) -> None:
        try:
            self._writer.write(self._http.send(event) or b"")
            await self._writer.drain()
        except (OSError, h11.LocalProtocolError) as error:
            raise CallerGoneError from error


CHUNKED = {"Transfer-Encoding": "chunked"}


def make_head(status: int, content_type: str, headers: Mapping[str, str]) -> h11.Response:
    """Return the head of an answer after which the connection ends."""
    fields = {"Content-Type": content_type, "Connection": "close", **headers}
    pairs = [(name.encode(), value.encode()) for name, value in fields.items()]
    return h11.Response(status_code=status, headers=pairs)
