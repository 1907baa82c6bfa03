"""Build and serve a frontend in the jail of its submission."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from checker.paths import CoursePaths
from checker.probes.app import AppProcess
from checker.probes.jail.launcher import JailedLauncher
from checker.probes.jail.packages import find_packages
from checker.probes.node.build import explain_build, wait_for_build
from checker.probes.node.gateway import Gateway
from checker.probes.node.program import BUILD_LIMITS, SERVER_LIMITS
from checker.probes.node.site import CORS, Site, SiteOrder, wait_for_pages
from checker.probes.node.tools import NodeTools, find_node
from checker.probes.port import find_free_port
from checker.probes.watchdog import Watchdog

LONGEST_CPU = 900  # seconds of one process that builds: it has several threads


@contextmanager
def open_jailed_site(
    order: SiteOrder, launcher: JailedLauncher, paths: CoursePaths
) -> Iterator[Site]:
    """Build and serve a frontend; whatever it does when it is built happens in the jail.

    Raises:
        FrontendError: the frontend cannot be built or started, or asks for other packages.
        ProbeError: Node.js is missing.
    """
    tools = find_node()
    find_packages(order.frontend, paths, tools)
    with ExitStack() as stack:
        watchdog = Watchdog()
        stack.callback(watchdog.close)
        gateway = Gateway(find_free_port())
        stack.callback(gateway.go_away)
        api = {"NEXT_PUBLIC_API_URL": f"http://localhost:{gateway.port}"}
        build(order, launcher, tools, watchdog, api)
        server = start_server(order, launcher, tools, api)
        stack.callback(server.kill)
        watchdog.add(server)
        origin = f"http://localhost:{server.port}"
        order.wait_for_tables()
        process = order.probe.launch({CORS: origin})
        gateway.point_to(process.port)
        backend = order.probe.connect(process, {CORS: origin})
        wait_for_pages(server)
        yield Site(origin, gateway, backend, lambda: server.poll() is None, order.probe)


def build(
    order: SiteOrder,
    launcher: JailedLauncher,
    tools: NodeTools,
    watchdog: Watchdog,
    variables: dict[str, str],
) -> None:
    """Run `npm run build` in the jail.

    Raises:
        FrontendError: it failed, or did not end.
    """
    env = tools.make_env(order.scratch, variables)
    limits = replace(BUILD_LIMITS, cpu=LONGEST_CPU)
    program = launcher.run_command([f"{tools.npm}", "run", "build"], order.frontend, env, limits)
    watchdog.add(program)
    try:
        code = wait_for_build(program, order.stopping)
    finally:
        program.kill()
        program.output.join(5)
    if code != 0:
        raise explain_build(program, code, order.frontend)


def start_server(
    order: SiteOrder, launcher: JailedLauncher, tools: NodeTools, variables: dict[str, str]
) -> AppProcess:
    """Run `npm start` in the jail, and return at once."""
    port = find_free_port()
    env = tools.make_env(order.scratch, variables | {"PORT": f"{port}", "HOSTNAME": "localhost"})
    command = [f"{tools.npm}", "start", "--", "--hostname", "localhost"]
    server = launcher.run_command(command, order.frontend, env, SERVER_LIMITS)
    server.port = port
    return server
