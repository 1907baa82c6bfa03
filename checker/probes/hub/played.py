"""A runner that builds nothing: a script says how builds and apps behave.

With it a deploy script can be watched where no container engine is: what it waits for, what it
shows, what it makes of a Space that fails.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from checker.probes.hub.runner import BuildError, Order, Tell

Reply = tuple[int, str]
"""A status and a body."""

CORS = "CORS_ORIGINS"
PAGE = '<!DOCTYPE html><html lang="en"><title>Taskboard</title><h1>Sign in</h1></html>'
WELL: Mapping[str, Reply] = {
    "/health": (200, '{"status": "ok"}'),
    "/ready": (200, '{"status": "ok"}'),
    **dict.fromkeys(
        ("/api/auth/me", "/api/auth/token", "/api/tasks"), (401, '{"detail": "Not signed in"}')
    ),
    **dict.fromkeys(("/", "/login", "/register", "/tasks", "/chat"), (200, PAGE)),
}
ASKED_METHOD, ASKED_HEADERS = "Access-Control-Request-Method", "Access-Control-Request-Headers"
LINES = ("Step 1/2 : FROM a-script", "Successfully built")


class Part(NamedTuple):
    """How one Space behaves.

    Attributes:
        lines: What its build says.
        builds: Whether the build ends well.
        lives: Whether the app stays up.
        replies: What the app answers, by path; 404 for all others.
    """

    lines: tuple[str, ...] = LINES
    builds: bool = True
    lives: bool = True
    replies: Mapping[str, Reply] = WELL


@dataclass
class PlayedRunner:
    """Plays a part for each Space.

    Attributes:
        choose: Returns the part of a Space, by its name.
        orders: What was to be built, in order.
        may_build: While this is not set, builds take their time.
    """

    choose: Callable[[str], Part] = field(default=lambda _name: Part())
    orders: list[Order] = field(default_factory=list)
    may_build: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_build.set()

    def build(self, order: Order, tell: Tell) -> str:
        """See `Runner.build`."""
        self.orders.append(order)
        part = self.choose(order.name)
        for line in part.lines:
            tell(line)
        self.may_build.wait()
        if not part.builds:
            raise BuildError
        return order.name

    def start(self, image: str, order: Order, tell: Tell) -> "PlayedApp":
        """See `Runner.start`."""
        tell(f"{image} listens on {order.port}")
        return PlayedApp(self.choose(order.name), order.variables.get(CORS, ""))

    def close(self) -> None:
        """See `Runner.close`: nobody waits any more."""
        self.may_build.set()


class PlayedApp:
    """Answers what its part says, and lets in the pages of some origins.

    Args:
        part: What it plays.
        origins: Those, with commas in between.
    """

    def __init__(self, part: Part, origins: str = "") -> None:
        self._code = None if part.lives else 1
        handler = make_handler(part, [one.strip() for one in origins.split(",")])
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def poll(self) -> int | None:
        """See `RunningApp.poll`."""
        return self._code

    def stop(self) -> None:
        """See `RunningApp.stop`."""
        self._server.shutdown()
        self._server.server_close()


def make_handler(part: Part, origins: list[str]) -> type[BaseHTTPRequestHandler]:
    """Return what speaks HTTP for a part."""
    return type("Handler", (PlayedHandler,), {"part": part, "origins": origins})


class PlayedHandler(BaseHTTPRequestHandler):
    """Speaks HTTP, and of CORS as FastAPI's middleware does."""

    part: Part
    origins: list[str]

    def do_GET(self) -> None:
        """Answer."""
        self._answer(*self.part.replies.get(self.path.partition("?")[0], (404, "{}")))

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        """Read what comes, and answer as to GET: nobody has an account."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def do_OPTIONS(self) -> None:
        """Tell a browser what pages of another address may ask."""
        if ASKED_METHOD not in self.headers:
            self._answer(405, '{"detail": "Method Not Allowed"}')
        elif self._is_let_in():
            self._answer(200, "OK")
        else:
            self._answer(400, "Disallowed CORS origin")

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", f"{len(body.encode())}")
        for name, value in self._list_headers(status):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    def _list_headers(self, status: int) -> Iterator[tuple[str, str]]:
        if status == HTTPStatus.UNAUTHORIZED:
            yield "WWW-Authenticate", "Bearer"
        if self._is_let_in():
            yield "Access-Control-Allow-Origin", self.headers["Origin"]
            yield "Access-Control-Allow-Credentials", "true"
            yield "Access-Control-Allow-Methods", self.headers.get(ASKED_METHOD, "GET")
            yield "Access-Control-Allow-Headers", self.headers.get(ASKED_HEADERS, "Accept")
            yield "Vary", "Origin"

    def _is_let_in(self) -> bool:
        return self.headers.get("Origin") in self.origins

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write no log of requests."""
