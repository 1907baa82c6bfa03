"""Stand between the pages and the backend: pass on, count, hold up, cut up, be away."""

import contextlib
import re
import selectors
import socket
import threading
import time
from dataclasses import dataclass

START_LINE = re.compile(rb"(GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD) (\S+) HTTP/1\.[01]\r\n")
CHUNK = 65536
LONGEST_CONNECT = 5.0  # seconds
LONGEST_HOLD = 60.0
EVENTS = b"text/event-stream"
SHORTEST_GAP = 0.002  # seconds between two pieces, so that a browser reads them apart


@dataclass(frozen=True)
class Passed:
    """A request that came by.

    Attributes:
        at: When, in seconds of `time.monotonic`.
        path: With its query.
    """

    at: float
    method: str
    path: str


class Gateway:
    """Listens at the address that was built into the pages, whoever calls: browser or server.

    Args:
        port: Where it listens.
        target: The port of the backend; 0 while there is none.
        host: The address of this machine at which it listens.
    """

    def __init__(self, port: int, target: int = 0, host: str = "127.0.0.1") -> None:
        self.port = port
        self.host = host
        self.target = target
        self.delay = 0.0
        self.piece = 0  # bytes of a stream of events that go on together; 0: as they come
        self.is_open = threading.Event()  # while it is not set, answers wait here
        self.is_open.set()
        self.passed: list[Passed] = []
        self.waiting = 0  # answers that are held up just now
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.come_back()

    def come_back(self) -> None:
        """Listen again after `go_away`."""
        if self._listener is None:
            self._listener = socket.create_server((self.host, self.port), backlog=128)
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def go_away(self) -> None:
        """Refuse every connection, and break those that are open."""
        listener, self._listener = self._listener, None
        if listener:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            listener.close()
        self.cut()

    def cut(self) -> None:
        """Break the connections that are open; new ones are taken."""
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def point_to(self, target: int) -> None:
        """Pass on to another backend from now on."""
        self.target = target
        self.cut()

    def mark(self) -> int:
        """Return how many requests have come by."""
        return len(self.passed)

    def count(self, method: str, path: str, mark: int = 0) -> int:
        """Return how many requests of this kind came since `mark`, queries left aside."""
        found = [p for p in self.passed[mark:] if p.path.partition("?")[0].rstrip("/") == path]
        return sum(p.method == method for p in found)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        address = ("127.0.0.1", self.target)
        with (
            client,
            contextlib.suppress(OSError),
            socket.create_connection(address, LONGEST_CONNECT) as backend,
        ):
            backend.settimeout(None)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {client, backend}
            try:
                self._relay(client, backend)
            finally:
                with self._lock:
                    self._open -= {client, backend}

    def _relay(self, client: socket.socket, backend: socket.socket) -> None:
        is_held_up = is_stream = False
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, backend)
            selector.register(backend, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    source: socket.socket = key.fileobj  # type: ignore[assignment]  # registered so
                    data = source.recv(CHUNK)
                    if not data:
                        return
                    if source is client:
                        is_stream = False
                        is_held_up = self._note(data) or is_held_up
                    elif is_held_up:
                        is_held_up = False
                        self._hold_up()
                    is_stream = is_stream or (source is backend and EVENTS in data)
                    self._pass_on(data, key.data, self.piece if is_stream else 0)

    def _pass_on(self, data: bytes, target: socket.socket, piece: int) -> None:
        """Send all of it, a piece at a time if there is a size of pieces."""
        for at in range(0, len(data), piece or len(data)):
            target.sendall(data[at : at + piece] if piece else data)
            time.sleep(SHORTEST_GAP if piece else 0)

    def _note(self, data: bytes) -> bool:
        """Record the request that begins here, if one does; tell whether its answer may be late."""
        start = START_LINE.match(data)
        if start is None:
            return False
        method, path = (part.decode("latin-1") for part in start.groups())
        self.passed.append(Passed(time.monotonic(), method, path))
        return method != "OPTIONS"  # a browser's question beforehand is no action of a user

    def _hold_up(self) -> None:
        """Let an answer be late.

        It is the answer that waits and not the request: a server ends a connection that says
        nothing for some seconds, and a request that were passed on just then would be lost.
        """
        delay = self.delay  # read first: who sees that it waits may change the delay
        self._count_waiting(1)
        time.sleep(delay)
        self.is_open.wait(LONGEST_HOLD)
        self._count_waiting(-1)

    def _count_waiting(self, change: int) -> None:
        with self._lock:
            self.waiting += change
