"""Build and run Spaces with the container engine of this machine, as the real Hub does."""

import itertools
import threading
import time
from collections.abc import Mapping

from checker.containers.bases import prepare
from checker.containers.dockerfile import parse_dockerfile
from checker.errors import CourseError
from checker.probes.containers.guard import IMAGE, LABEL
from checker.probes.containers.kept import keep_image
from checker.probes.containers.lab import Lab
from checker.probes.containers.running import ContainerApp
from checker.probes.containers.trouble import excuse_machine
from checker.probes.hub.runner import BuildError, Order, Tell
from checker.probes.port import find_free_port

USER = "1000:1000"
PAUSE = 0.2  # seconds between two looks at what an app writes
# A small machine, as the free one of the Hub is.
LIMITS = ("--memory=2g", "--pids-limit=256", "--cap-drop=ALL", "--security-opt=no-new-privileges")


class EngineRunner:
    """Builds from the pushed files, and runs what came of it as the user 1000.

    Args:
        lab: Where images and containers are made, and removed at the end.
        told: Variables that every app gets, as SPACE_HOST is on the Hub.

    Attributes:
        images: What was built, by the name of the Space.
        apps: What was started, by the name of the Space; the last one.
        machine: What kept a build from working that is not the app's fault.
    """

    def __init__(self, lab: Lab, told: Mapping[str, str] | None = None) -> None:
        self._lab = lab
        self._told = dict(told or {})
        self._numbers = itertools.count()
        self.images: dict[str, str] = {}
        self.apps: dict[str, SpaceApp] = {}
        self.machine: CourseError | None = None

    def build(self, order: Order, tell: Tell) -> str:
        """See `Runner.build`."""
        try:
            self._get_bases(order, tell)
            tag = f"{IMAGE}:{self._lab.run}-{order.name}-{next(self._numbers)}"
            self._run_build(order, tag, tell)
        except CourseError as error:
            self.machine = error
            tell(f"{error.problem} {error.next_step}")
            raise BuildError from error
        keep_image(
            self._lab.engine, self._lab.engine.ask("inspect", "--format={{.Id}}", tag), "space"
        )
        self.images[order.name] = tag
        return tag

    def _get_bases(self, order: Order, tell: Tell) -> None:
        file = order.folder / "Dockerfile"
        for base in parse_dockerfile(file.read_text(encoding="utf-8", errors="replace")).bases:
            prepare(self._lab.engine, base, tell)

    def _run_build(self, order: Order, tag: str, tell: Tell) -> None:
        """Build with the variables as arguments; secrets are not told."""
        arguments = [f"--build-arg={name}={value}" for name, value in order.variables.items()]
        command = [self._lab.engine.program, "build", f"--tag={tag}", *arguments, f"{order.folder}"]
        said = []
        with self._lab.running(command) as building:
            assert building.stdout is not None  # noqa: S101 - started with a pipe
            for line in building.stdout:
                said.append(line.decode(errors="replace").rstrip())
                tell(said[-1])
            code = building.wait()
        if code != 0:
            excuse_machine("\n".join(said))
            raise BuildError

    def start(self, image: str, order: Order, tell: Tell) -> "SpaceApp":
        """See `Runner.start`."""
        name, port = f"course-{self._lab.run}-space-{next(self._numbers)}", find_free_port()
        told = {**self._told, **order.variables, **order.secrets}
        publish = f"--publish=127.0.0.1:{port}:{order.port}"
        own = [f"--name={name}", f"--label={LABEL}={self._lab.run}", f"--user={USER}", publish]
        # Names alone: values would stand in the list of processes for everybody to read.
        named = [f"--env={key}" for key in told]
        command = [self._lab.engine.program, "run", *own, *LIMITS, *named, image]
        app = SpaceApp(self._lab, name, self._lab.start(command, extra=told), port)
        self.apps[order.name] = app
        tell(f"===== Application Startup: {name} =====")
        threading.Thread(target=pass_on, args=(app, tell), daemon=True).start()
        return app

    def close(self) -> None:
        """See `Runner.close`: the lab removes all that was made."""


def pass_on(app: ContainerApp, tell: Tell) -> None:
    """Tell what an app writes, line by line, until it has ended."""
    mark = 0
    while True:
        has_ended = app.poll() is not None
        lines = app.output.read_since(mark)
        whole = lines if has_ended else lines[: lines.rfind("\n") + 1]
        mark += len(whole.encode())
        for line in whole.splitlines():
            tell(line)
        if has_ended:
            return
        time.sleep(PAUSE)


class SpaceApp(ContainerApp):
    """The container of a Space."""

    def stop(self) -> None:
        """See `RunningApp.stop`."""
        self.kill()
        self.output.join(2)


class SpaceProcess:
    """The process behind a Space, as somebody sees it who comes by the Space's address.

    Args:
        app: What runs now.
        port: Of the address.
    """

    def __init__(self, app: ContainerApp, port: int) -> None:
        self.port = port
        self.pid = app.pid
        self.limits = app.limits
        self.output = app.output
        self.ended_because = ""
        self.poll = app.poll
        self.wait = app.wait
        self.terminate = app.terminate
        self.kill = app.kill
