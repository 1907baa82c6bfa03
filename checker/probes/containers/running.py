"""Run an image as a container, talk to it, and watch it end."""

import time
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING

from checker.probes.app import AppLimits
from checker.probes.containers.guard import LABEL
from checker.probes.containers.images import Image
from checker.probes.containers.lab import Lab
from checker.probes.fresh import FreshApp
from checker.probes.port import find_free_port
from checker.probes.strain import wait_longer

if TYPE_CHECKING:
    import subprocess

LIMITS = AppLimits(start=60.0, silence=15.0, answer=30.0)
NUMBERS = count()
PATIENCE = 60.0  # seconds until a container is healthy
GRACE = 10  # seconds that an engine waits after SIGTERM, before it uses force


class ContainerApp(FreshApp):
    """A container that was started by a program of the engine, which shows what it writes.

    Args:
        lab: Where it was started.
        name: Of the container.
        process: The program; it ends with the container, and with its exit code.
        port: Where it is published.
    """

    def __init__(self, lab: Lab, name: str, process: "subprocess.Popen[bytes]", port: int) -> None:
        super().__init__(process, LIMITS)
        self.name = name
        self.port = port
        self._lab = lab

    def ask_to_end(self) -> None:
        """Send SIGTERM; it has arrived afterwards, and what comes of it is yet to be seen."""
        self._lab.engine.run("kill", "--signal", "TERM", self.name)

    def wait_until_ended(self) -> bool:
        """Tell whether it ends by itself as soon as engines want it, or later on a busy machine.

        The engine may take longer to clean up: what counts is the process.
        """
        return (
            self.wait(GRACE) is not None
            or self.wait(wait_longer(GRACE)) is not None
            or self.inspect("{{.State.Running}}").strip() == "false"
        )

    def kill(self) -> None:
        """Remove it."""
        self._lab.engine.run("rm", "--force", "--volumes", self.name)
        super().kill()

    def inspect(self, template: str) -> str:
        """Return what the engine knows of it."""
        return self._lab.engine.ask("inspect", "--format", template, self.name)

    def read_user(self) -> str:
        """Return the number of the user who runs its first process, empty when nobody says."""
        done = self._lab.engine.run("top", self.name, "-eo", "uid,pid,args")
        lines = done.stdout.splitlines()[1:]
        return lines[0].split()[0] if done.returncode == 0 and lines else ""

    def wait_until_healthy(self) -> str:
        """Return `healthy`, or what the engine says of its health when time is up."""
        deadline = time.monotonic() + PATIENCE
        health = ""
        while time.monotonic() < deadline and self.poll() is None:
            health = self.inspect("{{if .State.Health}}{{.State.Health.Status}}{{end}}")
            if health in {"healthy", ""}:
                break
            time.sleep(0.2)
        return health

    def read_health_log(self) -> str:
        """Return what the last health check said."""
        template = "{{if .State.Health}}{{range .State.Health.Log}}{{.Output}}\n{{end}}{{end}}"
        return "\n".join(self.inspect(template).strip().splitlines()[-4:])


def run_container(
    lab: Lab, image: Image, inner: int, variables: Mapping[str, str], *options: str
) -> ContainerApp:
    """Start a container, and return at once.

    Args:
        lab: Where it is started.
        image: What it is made of.
        inner: The port in the container that is published.
        variables: What it is told.
        options: Further options of `docker run`.
    """
    name, port = f"course-{lab.run}-{next(NUMBERS)}", find_free_port()
    told = [f"--env={key}={value}" for key, value in variables.items()]
    publish = f"--publish=127.0.0.1:{port}:{inner}"
    limits = ["--memory=1g", "--pids-limit=512", "--health-interval=1s", "--health-retries=90"]
    own = [f"--name={name}", f"--label={LABEL}={lab.run}", publish, *limits]
    command = [lab.engine.program, "run", *own, *told, *options, image.tag]
    return ContainerApp(lab, name, lab.start(command), port)
