"""A runner that builds nothing: a script says how builds and apps behave.

With it a deploy script can be watched where no container engine is: what it waits for, what it
shows, what it makes of a Space that fails.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from checker.probes.hub.runner import BuildError, Order, Tell

Reply = tuple[int, str]
"""A status and a body."""

PAGE = '<!DOCTYPE html><html lang="en"><title>Taskboard</title><h1>Sign in</h1></html>'
WELL: Mapping[str, Reply] = {
    "/health": (200, '{"status": "ok"}'),
    "/ready": (200, '{"status": "ok"}'),
    "/": (200, PAGE),
    "/login": (200, PAGE),
}
LINES = ("Step 1/2 : FROM a-script", "Successfully built")


class Part(NamedTuple):
    """How one Space behaves.

    Attributes:
        lines: What its build says.
        builds: Whether the build ends well.
        lives: Whether the app stays up.
        replies: What the app answers, by path; 404 for all others.
        lets_in: Returns the origin whose pages it lets in.
    """

    lines: tuple[str, ...] = LINES
    builds: bool = True
    lives: bool = True
    replies: Mapping[str, Reply] = WELL
    lets_in: Callable[[], str] = lambda: ""


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
        return PlayedApp(self.choose(order.name))

    def close(self) -> None:
        """See `Runner.close`: nobody waits any more."""
        self.may_build.set()


class PlayedApp:
    """Answers what its part says."""

    def __init__(self, part: Part) -> None:
        self._code = None if part.lives else 1
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(part))
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def poll(self) -> int | None:
        """See `RunningApp.poll`."""
        return self._code

    def stop(self) -> None:
        """See `RunningApp.stop`."""
        self._server.shutdown()
        self._server.server_close()


def make_handler(part: Part) -> type[BaseHTTPRequestHandler]:
    """Return what speaks HTTP for a part."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = part.replies.get(self.path.partition("?")[0], (404, "{}"))
            self.send_response(status)
            self.send_header("Content-Length", f"{len(body.encode())}")
            if (origin := self.headers.get("Origin")) and origin == part.lets_in():
                self.send_header("Access-Control-Allow-Origin", origin)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Write no log of requests."""

    return Handler
