"""What checks ask for: the app's files, running backends, users, random inputs."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from checker.checks.steps import User, register_user
from checker.judge.inputs import Inputs
from checker.probes.app import AppProcess, wait_until_ready
from checker.probes.backend import Backend, BackendProbe
from checker.probes.project import Project

Seen = TypeVar("Seen")

Changes = Mapping[str, str | None]
"""Variables that a variant of the backend gets besides or instead of the usual ones."""


class Variants:
    """Backends with other settings, launched one after the other while checks go on.

    Those that somebody waits for come first.

    Args:
        probe: Starts them.
        wanted: The variables of each variant, by its name.
        shared: The backend that most checks wait for; it starts first.
        pool: Where they are launched.
    """

    def __init__(
        self,
        probe: BackendProbe,
        wanted: Mapping[str, Changes],
        shared: AppProcess,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._probe = probe
        self._wanted = dict(wanted)
        self._launches = {name: Future[AppProcess]() for name in wanted}
        self._asked_for: list[str] = []
        pool.submit(self._launch_all, shared)

    def _launch_all(self, shared: AppProcess) -> None:
        wait_until_ready(shared)
        waiting = list(self._launches)
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


Observer = Callable[[Variants, Inputs], Any]


class Observations:
    """What takes a while and needs nobody's attention, made one after the other beside the checks.

    Args:
        observers: Functions that look at variants of the backend.
        variants: What they look at.
        inputs: The run's random inputs; each observer gets a source of its own.
        pool: Where they run.
    """

    def __init__(
        self,
        observers: Iterable[Observer],
        variants: Variants,
        inputs: Inputs,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._made = {
            observe: pool.submit(observe, variants, inputs.fork()) for observe in observers
        }

    def wait_for(self, observe: Callable[[Variants, Inputs], Seen]) -> Seen:
        """Return what an observer saw, or raise what it raised."""
        seen: Seen = self._made[observe].result()
        return seen


@dataclass(frozen=True)
class Bench:
    """Everything that a run prepared for its checks.

    Attributes:
        project: The app's files, as they were copied.
        probe: Connects to backends, and knows the variables that they were started with.
        process: The shared backend's process, perhaps still starting.
        variants: The backends with other settings.
        observations: What is observed beside the checks.
        inputs: The run's random inputs.
    """

    project: Project
    probe: BackendProbe
    process: AppProcess
    variants: Variants
    observations: Observations
    inputs: Inputs


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
    def inputs(self) -> Inputs:
        """Random inputs from the run's seed."""
        return self.bench.inputs

    @pytest.fixture(scope="session")
    def secret(self) -> str:
        """The key that the shared backend signs tokens with."""
        return self.bench.probe.variables["BETTER_AUTH_SECRET"]

    @pytest.fixture(scope="session")
    def backend(self) -> Backend:
        """The backend that most checks share, with the lesson's usual variables."""
        return self.bench.probe.connect(self.bench.process)

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
