"""The address of a Space: it stays the same, whatever stands behind it."""

import contextlib
import selectors
import socket
import threading
from collections.abc import Callable

CHUNK = 65536
LONGEST_CONNECT = 5.0  # seconds
NOBODY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s"
)
PAGE = "<!doctype html><title>Space</title><p>This Space does not run: its stage is {stage}.</p>"


class Address:
    """Passes on to the app of a Space, and says so when there is none.

    Args:
        find_target: Returns the app's port, after it has woken it where it sleeps; 0 for none.
        find_stage: Returns what to say in place of an app.
        port: Where it listens; 0 for any.
    """

    def __init__(
        self, find_target: Callable[[], int], find_stage: Callable[[], str], port: int = 0
    ) -> None:
        self._find_target = find_target
        self._find_stage = find_stage
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """What stands in the browser's address bar."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Listen no more, and break what is open."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            target = self._find_target()
            if not target:
                client.recv(CHUNK)
                page = PAGE.format(stage=self._find_stage()).encode()
                client.sendall(NOBODY % (len(page), page))
                return
            with socket.create_connection(("127.0.0.1", target), LONGEST_CONNECT) as app:
                app.settimeout(None)
                self._relay_both(client, app)

    def _relay_both(self, client: socket.socket, app: socket.socket) -> None:
        pair = {client, app}
        with self._lock:
            self._open |= pair
        try:
            relay(client, app)
        finally:
            with self._lock:
                self._open -= pair


def relay(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on both ways, until one of them ends."""
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in selector.select():
                source: socket.socket = key.fileobj  # type: ignore[assignment]  # registered so
                data = source.recv(CHUNK)
                if not data:
                    return
                key.data.sendall(data)
