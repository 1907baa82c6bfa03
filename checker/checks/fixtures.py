"""What checks ask for: the app's files, running backends, users, random inputs."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from checker.checks.steps import User, register_user
from checker.judge.inputs import Inputs
from checker.judge.variables import SECRET
from checker.paths import CoursePaths
from checker.probes.app import AppProcess, wait_until_ready
from checker.probes.backend import Backend, BackendProbe, ProgramRun
from checker.probes.project import Project

if TYPE_CHECKING:  # lessons without a database do not load its driver
    from checker.probes.containers.lab import Lab
    from checker.probes.launch import Quarters
    from checker.probes.model.server import ModelServer, Stage
    from checker.probes.node.site import Site
    from checker.probes.postgres.stock import DatabaseStock

Seen = TypeVar("Seen")

Changes = Mapping[str, str | None]
"""Variables that a variant of the backend gets besides or instead of the usual ones."""

USUAL = "usual"
"""The variant that most checks share: nothing is changed."""


class Variants:
    """Backends with other settings, launched one after the other while checks go on.

    Those that somebody waits for come first.

    Args:
        probe: Starts them.
        usual: The usual one, which is started already.
        wanted: The variables of each of the others, by its name.
        launching: Where they are launched.
    """

    def __init__(
        self,
        probe: BackendProbe,
        usual: Future[AppProcess],
        wanted: Mapping[str, Changes],
        launching: Executor,
    ) -> None:
        self._probe = probe
        self._wanted: dict[str, Changes] = {USUAL: {}, **wanted}
        self._launches = {USUAL: usual, **{name: Future[AppProcess]() for name in wanted}}
        self._asked_for: list[str] = []
        launching.submit(self._launch_all, list(wanted))

    def _launch_all(self, waiting: list[str]) -> None:
        while waiting:
            name = next((name for name in self._asked_for if name in waiting), waiting[0])
            waiting.remove(name)
            launch = self._launches[name]
            try:
                process = self._probe.launch(self._wanted[name])
                launch.set_result(process)
                wait_until_ready(process)  # a start needs a whole core: one at a time
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                if not launch.done():
                    launch.set_exception(error)

    def read_variable(self, name: str, variable: str) -> str:
        """Return the value that a variable has in a variant."""
        return str(self._wanted[name][variable])

    def find_process(self, name: str) -> AppProcess:
        """Return the process of a variant, whether or not it has answered yet."""
        self._asked_for.append(name)
        return self._launches[name].result()

    def open(self, name: str) -> Backend:
        """Wait for the first answer of a variant and return it.

        Raises:
            NotStartedError: it ended first, or answered nothing.
        """
        return self._probe.connect(self.find_process(name), self._wanted[name])


class Observations:
    """What takes a while and needs nobody's attention, made one after the other beside the checks.

    Args:
        observers: Functions that ask for what they look at as checks do, by name.
        offered: What they may ask for; of the inputs each gets a source of its own.
        observing: Where they run.
    """

    def __init__(
        self,
        observers: Iterable[Callable[..., Any]],
        offered: Mapping[str, Any],
        observing: Executor,
    ) -> None:
        self._made = {
            observe: observing.submit(
                serve_what_it_asks_for, observe, {**offered, "inputs": offered["inputs"].fork()}
            )
            for observe in observers
        }

    def wait_for(self, observe: Callable[..., Seen]) -> Seen:
        """Return what an observer saw, or raise what it raised."""
        seen: Seen = self._made[observe].result()
        return seen


def serve_what_it_asks_for(function: Callable[..., Seen], offered: Mapping[str, Any]) -> Seen:
    """Call a function with those of the offered things that its parameters name."""
    return function(**{name: offered[name] for name in inspect.signature(function).parameters})


@dataclass(frozen=True)
class Bench:
    """Everything that a run prepared for its checks.

    Attributes:
        project: The app's files, as they were copied.
        probe: Starts and reaches backends, and knows the variables that they are started with.
        inputs: The run's random inputs.
        variants: The backends, the usual one and those with other settings.
        observations: What is observed beside the checks.
        databases: The run's databases; None in lessons that have none.
        model: The model that plays scripts; None in lessons that have none.
        migration: The migration of the main one, done or under way; of None without databases.
        site: The pages with a backend behind them, served or under way; None in lessons without.
        paths: The folders of the course.
        evidence: Where pictures and traces of pages that failed are kept.
        quarters: Where the app lives.
        lab: Where images and containers are made; None when no check of the run wants one.
        is_traced: Whether browsers are recorded.
        is_glance: Whether visitors have little patience.
    """

    project: Project
    probe: BackendProbe
    inputs: Inputs
    variants: Variants
    observations: Observations
    databases: "DatabaseStock | None"
    model: "ModelServer | None"
    migration: Future[ProgramRun | None]
    site: "Future[Site] | None"
    paths: CoursePaths
    evidence: Path
    quarters: "Quarters"
    lab: "Lab | None" = None
    is_traced: bool = False
    is_glance: bool = False


class CheckFixtures:
    """The fixtures, registered with pytest as a plugin of one run.

    Args:
        bench: What the run prepared.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    @pytest.fixture(scope="session")
    def project(self) -> Project:
        """The files of the app."""
        return self.bench.project

    @pytest.fixture(scope="session")
    def paths(self) -> CoursePaths:
        """The folders of the course."""
        return self.bench.paths

    @pytest.fixture(scope="session")
    def inputs(self) -> Inputs:
        """Random inputs from the run's seed."""
        return self.bench.inputs

    @pytest.fixture(scope="session")
    def secret(self) -> str:
        """The key that the shared backend signs tokens with."""
        return self.bench.probe.variables[SECRET]

    @pytest.fixture(scope="session")
    def databases(self) -> "DatabaseStock | None":
        """The run's databases."""
        return self.bench.databases

    @pytest.fixture(scope="session")
    def lab(self) -> "Lab":
        """Where images and containers are made."""
        assert self.bench.lab is not None  # noqa: S101 - opened, since a check asks for it
        return self.bench.lab

    @pytest.fixture
    def model(self) -> "Iterator[Stage]":
        """The model, as one check sees it."""
        from checker.probes.model.server import Stage

        assert self.bench.model is not None  # noqa: S101 - opened, since the lesson has one
        stage = Stage(self.bench.model)
        yield stage
        stage.close()

    @pytest.fixture(scope="session")
    def migration(self) -> ProgramRun | None:
        """The migration of the main database, when it has ended."""
        return self.bench.migration.result()

    @pytest.fixture(scope="session")
    def backend(self) -> Backend:
        """The backend that most checks share, with the lesson's usual variables."""
        return self.bench.variants.open(USUAL)

    @pytest.fixture(scope="session")
    def variants(self) -> Variants:
        """The backends with other settings."""
        return self.bench.variants

    @pytest.fixture(scope="session")
    def observations(self) -> Observations:
        """What is observed beside the checks."""
        return self.bench.observations

    @pytest.fixture(scope="session")
    def user(self, backend: Backend, inputs: Inputs) -> User:
        """A registered user with a token, shared by the checks that change nothing."""
        return register_user(backend, inputs)
