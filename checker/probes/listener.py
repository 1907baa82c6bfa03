"""Serve connections from a thread of its own, and leave none of them behind."""

import asyncio
import contextlib
import errno
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HOST = "127.0.0.1"
LONGEST_ORDER = 10  # seconds for what `run` carries out
MANY = 256  # connections that may wait to be taken
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
REST = 0.5  # seconds until the next try when the machine has no room for one more connection


class Listener:
    """Takes connections at a port of this machine, again and again the same one.

    Args:
        serve: Serves one connection, which is closed when it returns; an `OSError` of its ends the
            connection as well.

    Attributes:
        loop: Where connections are served.
        port: Where they are taken; 0 until it first listens.
    """

    def __init__(self, serve: Serve) -> None:
        self.loop = asyncio.SelectorEventLoop()  # those of Windows know no `add_reader` else
        self.port = 0
        self._serve = serve
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._door: socket.socket | None = None
        self._serving: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to take connections."""
        self._thread.start()
        self.run(self.listen())

    def stop(self) -> None:
        """Break every connection, and end the thread."""
        self.run(self.refuse())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Carry this out where connections are served, and return what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(LONGEST_ORDER)

    async def listen(self) -> None:
        """Take connections, if it does not do so already."""
        if self._door is None:
            self._door = socket.create_server((HOST, self.port), backlog=MANY)
            self._door.settimeout(0)
            self.port = self._door.getsockname()[1]
            self._watch(self._door)

    async def refuse(self) -> None:
        """Take connections no longer, and break those that are open."""
        if self._door is not None:
            self.loop.remove_reader(self._door)
            self._door.close()
            self._door = None
        await self.break_connections()

    async def break_connections(self) -> None:
        """Break those that are open, and those that are just being taken."""
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in self._serving:  # what they began ends with them
                task.cancel()
            await asyncio.wait(others)

    def _take(self, door: socket.socket) -> None:
        # By hand: a server of asyncio that is closed loses whoever it was just taking.
        try:
            connection, _ = door.accept()
        except OSError as error:
            if error.errno in EXHAUSTED:
                self.loop.remove_reader(door)
                self.loop.call_later(REST, self._watch, door)
            return
        connection.settimeout(0)
        task = self.loop.create_task(self._serve_one(connection))
        self._serving.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(self._serving.discard)
        task.add_done_callback(lambda _: connection.close())  # it may never have begun

    def _watch(self, door: socket.socket) -> None:
        """Take whoever comes to this door, if it has not been closed meanwhile."""
        if door is self._door:
            self.loop.add_reader(door, self._take, door)

    async def _serve_one(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection(sock=connection)
            async with closing(writer):
                await self._serve(reader, writer)


@asynccontextmanager
async def closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close a connection at the end of the block, once all is sent; at once if cancelled."""
    try:
        yield
        writer.close()
        await writer.wait_closed()
    finally:
        writer.transport.abort()
