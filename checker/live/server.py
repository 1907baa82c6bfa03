"""Run an app of ours until Ctrl-C."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from checker.errors import CourseError
from checker.live.files import get_files
from checker.live.guarded import GuardedProtocol

MOST_CONNECTIONS = 2000
OWN_FILES = 32  # what is open besides connections: the data, the pages, the loop
LONGEST_GOODBYE = 2  # seconds for answers that are on their way


def open_listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        CourseError: something else listens there, or nobody may.
    """
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise CourseError(
            f"nothing can listen at {host}, port {port}: {error.strerror or error}",
            "Stop what listens there, or choose another port with --port.",
        ) from error


class Server(uvicorn.Server):
    """Serves one app on one socket.

    Args:
        app: What is served.
        say_goodbye: Called when it is to end: ends the answers that have no end of their own.
    """

    def __init__(self, app: ASGIApp, say_goodbye: Callable[[], None]) -> None:
        files = get_files()
        config = uvicorn.Config(
            app,
            http=GuardedProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=min(MOST_CONNECTIONS, files // 2 - OWN_FILES),
            backlog=files // 8,  # accepted at once; four times that before the first is refused
            timeout_keep_alive=15,
            timeout_graceful_shutdown=LONGEST_GOODBYE,
        )
        super().__init__(config)
        self._say_goodbye = say_goodbye

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let listeners go first."""
        self._say_goodbye()
        await super().shutdown(sockets)

    def serve_until_stopped(self, listener: socket.socket) -> None:
        """Serve until Ctrl-C or `should_exit`; that is how it ends, and no fault."""
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self.serve([listener]))


@contextmanager
def serving(server: Server) -> Iterator[int]:
    """Serve from a thread at a port of this machine until the end of the block; yield the port."""
    with open_listener("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.serve_until_stopped, args=(listener,))
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
