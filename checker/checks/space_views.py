"""What is seen of a deployment whose Spaces are built and run with the container engine."""

import random
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from checker.checks.declare import in_background
from checker.checks.deployments import NAME, Seen, choose_told, look
from checker.judge.inputs import Inputs
from checker.judge.variables import MODEL_KEY, MODEL_URL
from checker.probes.backend import Backend, ProgramRun
from checker.probes.containers.lab import Lab
from checker.probes.hub.engine import EngineRunner, SpaceProcess
from checker.probes.hub.life import Space
from checker.probes.hub.rehearsal import Rehearsal, Stage
from checker.probes.hub.shared import move, share
from checker.probes.model.server import PREFIX, ModelServer
from checker.probes.node.build import hash_sources, is_free
from checker.probes.port import HIGHEST, LOWEST
from checker.probes.postgres.stock import DatabaseStock


@dataclass(frozen=True)
class Rehearsed:
    """The app on two Spaces that run.

    Attributes:
        seen: The deployment.
        stage: Its Hub, which is there until the end of the run.
        runner: What built and runs the Spaces.
    """

    seen: Seen
    stage: Stage
    runner: EngineRunner
    lab: Lab

    def find_space(self, part: str) -> Space:
        """Return the Space of `backend` or `frontend`."""
        return self.stage.hub.find(f"{self.stage.hub.user}/{self.seen.told[NAME]}-{part}")

    @property
    def backend(self) -> Backend:
        """The backend, at the address of its Space."""
        space = self.find_space("backend")
        app = self.runner.apps[f"{space.owner}-{space.name}".lower()]
        process = SpaceProcess(app, space.address.port)
        return Backend(process, self.stage.app / "backend", {})

    @property
    def origin(self) -> str:
        """The address of the pages."""
        return self.find_space("frontend").address.url

    def read_image(self, part: str) -> str:
        """Return what the engine knows of an image: its settings, and how each layer was made."""
        space = self.find_space(part)
        tag = self.runner.images[f"{space.owner}-{space.name}".lower()]
        settings = self.lab.engine.ask("image", "inspect", tag)
        return settings + self.lab.engine.ask("history", "--no-trunc", tag)


@in_background(takes=60)
def rehearse(  # noqa: PLR0913, PLR0917 - one argument for each thing that an app is deployed with
    lab: Lab,
    rehearsal: Rehearsal,
    databases: DatabaseStock,
    migrating: Future[ProgramRun],
    model: ModelServer,
    inputs: Inputs,
) -> Rehearsed:
    """Deploy with the container engine; the Spaces run until the end of the run.

    Raises:
        CourseError: there is no engine, or it cannot build for reasons of its own.
    """
    assert lab.engine  # noqa: S101 - asked for first: without one, all the rest is for nothing
    migrating.result()
    told = choose_told(inputs, share_database(lab, databases.main.url))
    host, port = share(lab, model.port)
    told |= {MODEL_KEY: model.key, MODEL_URL: f"http://{host}:{port}{PREFIX}"}
    runner, ports = EngineRunner(lab), choose_ports(lab.source / "frontend")
    stage = rehearsal.at_end.enter_context(rehearsal.open(runner, told, ports=ports))
    seen = look(stage, stage.deploy())
    if runner.machine is not None:
        raise runner.machine
    return Rehearsed(seen, stage, runner, lab)


def choose_ports(frontend: Path) -> Iterator[int]:
    """Yield free ports, the same ones for the same pages.

    The address of the backend is built into the pages: with another one, nothing of their last
    build could be used again.
    """
    order = random.Random(f"space {hash_sources(frontend)}")  # noqa: S311 - repeatable on purpose
    return (port for port in iter(lambda: order.randrange(LOWEST, HIGHEST), 0) if is_free(port))


def share_database(lab: Lab, url: str) -> str:
    """Return an address of a database for this machine and for containers alike."""
    return move(url, *share(lab, urlsplit(url).port or 5432))
