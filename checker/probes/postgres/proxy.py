"""Stand between an app and its database: count statements, and take the database away.

The frontend/backend protocol is PostgreSQL's own (chapter "Message Flow"): after the start-up
message every message is a type byte and a length. Simple statements travel as `Q`, prepared ones
are carried out by `E`.
"""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit, urlunsplit

Result = TypeVar("Result")
EXECUTING = frozenset(b"QE")
SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


class StatementCounter:
    """Follows the messages that one client sends."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._is_started = False
        self.count = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes, however they are cut."""
        self._buffer += data
        while (length := self._find_length()) and len(self._buffer) >= length:
            if not self._is_started:
                code = int.from_bytes(self._buffer[4:8])
                self._is_started = code not in {SSL_REQUEST, GSS_REQUEST}
            elif self._buffer[0] in EXECUTING:
                self.count += 1
            del self._buffer[:length]

    def _find_length(self) -> int:
        """Return the length of the next message with its type byte, 0 while it is not known."""
        start = 1 if self._is_started else 0
        head = self._buffer[start : start + 4]
        return int.from_bytes(head) + start if len(head) == 4 else 0  # noqa: PLR2004 - bytes of a length


class DatabaseProxy:
    """A database address of its own that can be taken away; use it as a context manager.

    `cut` is a database that was stopped: every connection breaks, and new ones are refused.
    `silence` is one whose machine is gone: every connection breaks, and new ones get no answer.
    `mend` ends both.

    Args:
        url: The database behind it.
        socket: The path of the server's Unix socket, when its port is out of reach.
    """

    def __init__(self, url: str, socket: str = "") -> None:
        self._target = urlsplit(url)
        self._socket = socket
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._counters: list[StatementCounter] = []
        self._server: asyncio.Server | None = None
        self._is_open = asyncio.Event()
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.mend()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The address to give to an app."""
        credentials, _, _ = self._target.netloc.rpartition("@")
        return urlunsplit(self._target._replace(netloc=f"{credentials}@127.0.0.1:{self.port}"))

    @property
    def statements(self) -> int:
        """How many statements have gone through so far."""
        return sum(counter.count for counter in self._counters)

    def mend(self) -> None:
        """Take connections, and pass on what comes and what was held back."""
        self._run(self._listen())

    def silence(self) -> None:
        """Break the connections that are open, take new ones, and hold back every byte."""
        self._run(self._hold_back())

    def cut(self) -> None:
        """Take no connections, and break those that are open."""
        self._run(self._close())

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._is_open.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _hold_back(self) -> None:
        await self._break_connections()
        self._is_open.clear()

    async def _close(self) -> None:
        self._is_open.set()  # what was held back ends with its connection
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._break_connections()

    async def _break_connections(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await asyncio.wait_for(task, 5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on, in both directions, until either side ends it."""
        counter = StatementCounter()
        self._counters.append(counter)
        try:
            there = await self._connect()
        except OSError:
            writer.close()
            return
        self._writers |= {writer, there[1]}
        there_and_back = (self._pass_on(reader, there[1], counter), self._pass_on(there[0], writer))
        with contextlib.suppress(OSError):
            await asyncio.gather(*there_and_back)
        for end in (writer, there[1]):
            end.close()
            self._writers.discard(end)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._socket:
            return await asyncio.open_unix_connection(self._socket)
        return await asyncio.open_connection(self._target.hostname, self._target.port)

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        counter: StatementCounter | None = None,
    ) -> None:
        """Copy bytes until the end of the stream, then end the other side."""
        while data := await reader.read(65536):
            await self._is_open.wait()
            if counter is not None:
                counter.feed(data)
            writer.write(data)
            await writer.drain()
        writer.close()
