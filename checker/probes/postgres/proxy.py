"""Stand between an app and its database: count statements, and take the database away.

The frontend/backend protocol is PostgreSQL's own (chapter "Message Flow"): after the start-up
message every message is a type byte and a length. Simple statements travel as `Q`, prepared ones
are carried out by `E`.
"""

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from checker.probes.listener import HOST, Listener, closing

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
        self._listener = Listener(self._serve)
        self._counters: list[StatementCounter] = []
        self._is_open = asyncio.Event()

    def __enter__(self) -> Self:
        self._listener.start()
        self.mend()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._listener.port

    @property
    def url(self) -> str:
        """The address to give to an app."""
        credentials, _, _ = self._target.netloc.rpartition("@")
        return urlunsplit(self._target._replace(netloc=f"{credentials}@{HOST}:{self.port}"))

    @property
    def statements(self) -> int:
        """How many statements have gone through so far."""
        return sum(counter.count for counter in self._counters)

    def mend(self) -> None:
        """Take connections, and pass on what comes and what was held back."""
        self._listener.run(self._let_through())

    def silence(self) -> None:
        """Break the connections that are open, take new ones, and hold back every byte."""
        self._listener.run(self._hold_back())

    def cut(self) -> None:
        """Take no connections, and break those that are open."""
        self._listener.run(self._listener.refuse())

    async def _let_through(self) -> None:
        self._is_open.set()
        await self._listener.listen()

    async def _hold_back(self) -> None:
        await self._listener.break_connections()
        self._is_open.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on, in both directions, until either side ends it."""
        counter = StatementCounter()
        self._counters.append(counter)
        there = await self._connect()
        async with closing(there[1]):
            await asyncio.gather(
                self._pass_on(reader, there[1], counter), self._pass_on(there[0], writer)
            )

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
