"""Send requests to the app: no redirects, no cookies, no proxies, and an end to everything."""

import contextlib
import socket
import time
from typing import Self

import h11

from checker.probes.app import AppLimits
from checker.probes.http import Exchange, Headers, Request

LONGEST_BODY = 4 << 20  # bytes
LONGEST_HEAD = 64 << 10  # bytes
CHUNK = 64 << 10  # bytes read at once
HOST = "127.0.0.1"


class NoAnswerError(Exception):
    """The app did not answer, or not with HTTP; the text says what was seen."""


class HttpProbe:
    """A client of one app; every request has a connection of its own.

    Args:
        port: Where the app listens on the loopback address.
        limits: How long it may take.
    """

    def __init__(self, port: int, limits: AppLimits) -> None:
        self._port = port
        self._limits = limits

    def send(self, request: Request) -> Exchange:
        """Send one request.

        Raises:
            NoAnswerError: nothing came in time, the connection broke, or it was no HTTP.
        """
        with self.begin(request) as pending:
            return pending.finish()

    def begin(self, request: Request, withheld: int = 0) -> "Pending":
        """Send a request, but for so many bytes at its end; its answer is waited for later.

        Raises:
            NoAnswerError: the connection was refused.
        """
        started = time.perf_counter()
        connection = Connection(self._port, self._limits)
        data = connection.encode(request)
        end = len(data) - withheld
        connection.write(data[:end])
        return Pending(request, connection, data[end:], started)


class Pending:
    """A request that is on its way; leaving it closes its connection.

    Args:
        request: What is sent.
        connection: The connection on which it went out.
        rest: What was withheld.
        started: When that began.
    """

    def __init__(
        self, request: Request, connection: "Connection", rest: bytes, started: float
    ) -> None:
        self.request = request
        self._connection = connection
        self._rest = rest
        self._started = started

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def release(self) -> None:
        """Send what was withheld."""
        self._connection.write(self._rest)

    def finish(self) -> Exchange:
        """Wait for the answer.

        Raises:
            NoAnswerError: see `HttpProbe.send`.
        """
        return self.open().finish()

    def open(self) -> "Streaming":
        """Wait for the head of the answer; the rest is read as it comes.

        Raises:
            NoAnswerError: see `HttpProbe.send`.
        """
        return Streaming(self.request, self._connection, self._started)


class Streaming:
    """An answer that is read as it comes; its head is there.

    Attributes:
        status: Of the head.
        headers: Of the head.
    """

    def __init__(self, request: Request, connection: "Connection", started: float) -> None:
        head = connection.read_head()
        self.status = head.status_code
        self.headers = Headers(head.headers)
        self._request = request
        self._connection = connection
        self._started = started

    def read(self) -> bytes:
        """Wait for the next bytes, and return them; none at the end.

        Raises:
            NoAnswerError: see `HttpProbe.send`.
        """
        return self._connection.read_data()

    def finish(self) -> Exchange:
        """Wait for the rest.

        Raises:
            NoAnswerError: see `HttpProbe.send`.
        """
        body = self._connection.read_body()
        seconds = time.perf_counter() - self._started
        return Exchange(self._request, self.status, self.headers, body, seconds)


class Connection:
    """One request and its answer over a socket, by the time that the limits allow.

    The limits hold for the whole answer, its head included: an app that sends a byte now and then
    is cut off like one that is silent.
    """

    def __init__(self, port: int, limits: AppLimits) -> None:
        self._limits = limits
        self._deadline = time.monotonic() + limits.answer
        self._parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._has_begun = False
        try:
            self._socket = socket.create_connection((HOST, port), limits.silence)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except TimeoutError as error:
            raise NoAnswerError(self._describe_silence()) from error
        except OSError as error:
            raise NoAnswerError("the connection was refused") from error

    def close(self) -> None:
        """Close it, whatever is still on its way."""
        self._socket.close()

    def encode(self, request: Request) -> bytes:
        """Return the request as it is sent."""
        headers = {
            "Host": "localhost",  # as `./course run` is asked; apps may know their hosts
            "User-Agent": "curl/8.14.1",  # as a report shows it: no app shall know its judge
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            **({"Content-Length": str(len(request.body))} if request.body else {}),
            **request.headers,
        }
        pairs = [
            (name.encode(), value.encode("utf-8", "replace")) for name, value in headers.items()
        ]
        sent = self._parser.send(
            h11.Request(method=request.method, target=request.path, headers=pairs)
        )
        if request.body:
            sent = (sent or b"") + (self._parser.send(h11.Data(data=request.body)) or b"")
        self._parser.send(h11.EndOfMessage())
        return sent or b""

    def write(self, data: bytes) -> None:
        """Send these bytes; an app may answer, and close, before it has read all of them."""
        with contextlib.suppress(OSError):
            self._socket.sendall(data)

    def read_head(self) -> h11.Response:
        """Read the head of the answer.

        Raises:
            NoAnswerError: see `HttpProbe.send`.
        """
        while not isinstance(event := self._read_event(), h11.Response):
            pass  # such as 100 Continue
        return event

    def read_data(self) -> bytes:
        """Return the next bytes of the body, none at its end."""
        while isinstance(event := self._read_event(), h11.Data):
            if event.data:
                return bytes(event.data)
        return b""

    def read_body(self) -> bytes:
        """Read the whole body."""
        body = bytearray()
        while data := self.read_data():
            body += data
            if len(body) > LONGEST_BODY:
                raise NoAnswerError(f"an answer of more than {LONGEST_BODY >> 20} MiB")
        return bytes(body)

    def _read_event(self) -> object:
        """Return the next part of the answer."""
        try:
            while (event := self._parser.next_event()) is h11.NEED_DATA:
                self._parser.receive_data(self._receive())
        except h11.RemoteProtocolError as error:
            raise NoAnswerError(f"an answer that breaks HTTP ({error})") from error
        if event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
            raise NoAnswerError("an answer that breaks HTTP (it leaves the protocol)")
        return event

    def _receive(self) -> bytes:
        """Return the bytes that came, none at the end of the connection."""
        left = self._deadline - time.monotonic()
        if left <= 0:  # a flood never lets the socket wait
            raise NoAnswerError(self._describe_silence())
        self._socket.settimeout(min(self._limits.silence, left))
        try:
            data = self._socket.recv(CHUNK)
        except TimeoutError as error:
            raise NoAnswerError(self._describe_silence()) from error
        except OSError as error:
            raise NoAnswerError("the connection broke before the answer was complete") from error
        if not data and not self._has_begun:
            raise NoAnswerError("the connection was closed without an answer")
        self._has_begun = True
        return data

    def _describe_silence(self) -> str:
        """Say which time is up."""
        if time.monotonic() >= self._deadline:
            return f"an answer that was not complete after {self._limits.answer:g} s"
        if self._has_begun:
            return f"an answer that stopped half-way, for {self._limits.silence:g} s"
        return f"no answer within {self._limits.silence:g} s"
