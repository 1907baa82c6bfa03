"""Serve a built frontend with its backend behind it, as visitors meet both."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from checker.probes.app import AppProcess
from checker.probes.backend import Backend, BackendProbe
from checker.probes.guard import start_guard
from checker.probes.node.build import Build, BuildOrder, lend_build
from checker.probes.node.gateway import Gateway
from checker.probes.node.packages import FrontendError, install_packages
from checker.probes.node.program import SERVER_LIMITS, NodeProgram
from checker.probes.node.tools import NodeTools, find_node
from checker.probes.port import find_free_port
from checker.probes.watchdog import Watchdog

CORS = "CORS_ORIGINS"


@dataclass
class Site:
    """The pages, and what they talk to.

    Attributes:
        origin: The address of the pages.
        gateway: Where the pages find the backend.
        backend: What answers there.
        is_serving: Tells whether the pages are still served.
        probe: Starts backends.
    """

    origin: str
    gateway: Gateway
    backend: Backend
    is_serving: Callable[[], bool]
    probe: BackendProbe

    @contextmanager
    def away(self) -> Iterator[None]:
        """Let the backend be unreachable for a while."""
        self.gateway.go_away()
        try:
            yield
        finally:
            self.gateway.come_back()

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Let every answer take longer for a while."""
        self.gateway.delay = seconds
        try:
            yield
        finally:
            self.gateway.delay = 0.0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let every answer wait until the end of the block."""
        self.gateway.is_open.clear()
        try:
            yield
        finally:
            self.gateway.is_open.set()

    @contextmanager
    def cut_up(self, piece: int) -> Iterator[None]:
        """Let streams of events come so many bytes at a time for a while."""
        self.gateway.piece = piece
        try:
            yield
        finally:
            self.gateway.piece = 0

    @contextmanager
    def restarted(self, changes: dict[str, str]) -> Iterator[Backend]:
        """Put a backend with other variables in the place of this one for a while."""
        settings = {CORS: self.origin, **changes}
        process = self.probe.launch(settings)
        other = self.probe.connect(process, settings)
        self.gateway.point_to(process.port)
        try:
            yield other
        finally:
            self.gateway.point_to(self.backend.process.port)
            process.kill()


@dataclass(frozen=True)
class SiteOrder:
    """What to serve.

    Attributes:
        frontend: The copy of the learner's folder.
        cache: Where packages and builds are kept.
        scratch: A folder for this alone; a guard ends what works in it, also after a crash of ours.
        probe: Starts the backend.
        wait_for_tables: Returns when the backend may start.
        stopping: Set when nobody waits for it any more.
    """

    frontend: Path
    cache: Path
    scratch: Path
    probe: BackendProbe
    wait_for_tables: Callable[[], object]
    stopping: threading.Event = field(default_factory=threading.Event)


@contextmanager
def open_site(order: SiteOrder) -> Iterator[Site]:
    """Install, build and serve a frontend; everything that was started has ended afterwards.

    Raises:
        FrontendError: the frontend cannot be installed, built or started.
        ProbeError: Node.js is missing, or packages cannot be fetched.
    """
    scratch, probe = order.scratch, order.probe
    tools = find_node()
    scratch.mkdir(parents=True)
    with ExitStack() as stack:
        guard = start_guard(scratch)
        stack.callback(guard.wait, 10)
        assert guard.stdin is not None  # noqa: S101 - started with a pipe
        stack.callback(guard.stdin.close)
        watchdog = Watchdog()
        stack.callback(watchdog.close)
        home = install_packages(order.frontend, order.cache, tools)
        build = stack.enter_context(
            lend_build(BuildOrder(order.frontend, home, tools, scratch, watchdog, order.stopping))
        )
        gateway = Gateway(build.api_port)
        stack.callback(gateway.go_away)
        server = start_server(build, tools, scratch)
        stack.callback(server.output.join, 2)
        stack.callback(server.kill)
        watchdog.add(server)
        origin = f"http://localhost:{server.port}"
        order.wait_for_tables()
        process = probe.launch({CORS: origin})
        gateway.point_to(process.port)
        backend = probe.connect(process, {CORS: origin})
        wait_for_pages(server)
        yield Site(origin, gateway, backend, lambda: server.poll() is None, probe)


def start_server(build: Build, tools: NodeTools, scratch: Path) -> NodeProgram:
    """Run `npm start`, and return at once."""
    port = find_free_port()
    variables = {"NEXT_PUBLIC_API_URL": build.api_url, "PORT": f"{port}", "HOSTNAME": "localhost"}
    env = tools.make_env(scratch, variables)
    return NodeProgram(
        [tools.npm, "start", "--", "--hostname", "localhost"],
        build.folder,
        env,
        SERVER_LIMITS,
        port,
    )


def wait_for_pages(server: AppProcess) -> None:
    """Wait for the first answer of the server of the pages.

    Raises:
        FrontendError: it ended, or stays silent.
    """
    deadline = time.monotonic() + server.limits.start
    while server.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("localhost", server.port, timeout=10)
        try:
            connection.request("GET", "/login")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.03)
        else:
            return
        finally:
            connection.close()
    code = server.poll()
    got = "npm start ended" if code is not None else "npm start gave no answer"
    log = "\n".join(server.output.read_since().splitlines()[-12:])
    raise FrontendError(
        got, "Run npm run build and npm start in frontend/: PORT says where it has to listen.", log
    )
