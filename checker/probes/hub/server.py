"""Let the local Hub answer over HTTP."""

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from checker.probes.hub.faults import ConnectionCutError
from checker.probes.hub.hub import Hub
from checker.probes.hub.request import Answer, Asked
from checker.probes.hub.routes import answer
from checker.probes.hub.runner import Runner

LONGEST_BODY = 64 << 20  # bytes


@contextmanager
def open_hub(folder: Path, runner: Runner, port: int = 0, **options: Any) -> Iterator[Hub]:
    """Run a Hub, and stop it and its Spaces at the end.

    Args:
        folder: Where it keeps repositories.
        runner: Builds and runs Spaces.
        port: Where it listens; 0 for any.
        options: See `Hub`.
    """
    hub = Hub(folder, runner, **options)
    server = HubServer(("127.0.0.1", port), make_handler(hub))
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        hub.close()


class HubServer(ThreadingHTTPServer):
    """Answers each request in a thread, and waits for none of them at the end."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


def make_handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    """Return what speaks HTTP for a Hub."""

    class Handler(HubHandler):
        owner = hub

    return Handler


class HubHandler(BaseHTTPRequestHandler):
    """Speaks HTTP."""

    owner: Hub
    protocol_version = "HTTP/1.1"
    server_version = "LocalHub"

    def do_GET(self) -> None:
        """Answer."""
        self._serve()

    do_POST = do_DELETE = do_HEAD = do_PUT = do_PATCH = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write no log of requests."""

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            try:
                self._send(answer(self.owner, self._read()))
            except ConnectionCutError:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

    def _read(self) -> Asked:
        address = urlsplit(self.path)
        return Asked(
            self.command,
            unquote(address.path),
            dict(parse_qsl(address.query)),
            read_token(self.headers.get("Authorization", "")),
            self._read_body(),
            self.headers.get("Content-Encoding", ""),
            self.headers.get("Git-Protocol", ""),
        )

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._read_chunks())
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY))

    def _read_chunks(self) -> Iterator[bytes]:
        left = LONGEST_BODY
        while size := min(int(self.rfile.readline().partition(b";")[0], 16), left):
            left -= size
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _send(self, found: Answer) -> None:
        self.send_response(found.status)
        self.send_header("Content-Type", found.kind)
        for name, value in found.headers.items():
            self.send_header(name, value)
        if found.events is None:
            body = found.write_body()
            self.send_header("Content-Length", f"{len(body)}")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            return
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for event in found.events:
            self.wfile.write(event)
            self.wfile.flush()


def read_token(authorization: str) -> str:
    """Return the token that the client sends with every request, and git as its password."""
    kind, _, value = authorization.partition(" ")
    if kind == "Basic":
        with contextlib.suppress(ValueError):
            return base64.b64decode(value).decode().partition(":")[2]
    return value if kind == "Bearer" else ""
