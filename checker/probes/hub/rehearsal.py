"""Deploy copies of the learner's app, with what must never go up lying in their folders."""

import itertools
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.app import AppEnvironment
from checker.probes.environment import RequirementsError, choose_environment
from checker.probes.hub.hub import Hub
from checker.probes.hub.runner import Runner
from checker.probes.hub.script import (
    LIMITS,
    LONGEST_AGAIN,
    Deployment,
    ScriptProgram,
    find_script,
    make_command,
    make_env,
    run_to_end,
)
from checker.probes.hub.server import open_hub
from checker.probes.hub.trouble import NoScriptError
from checker.probes.once import Once
from checker.probes.watchdog import Watchdog

MARK = "test-only-and-never-to-go-up"
TRAPS = {
    "backend": (
        *(".env", ".env.local", "app/.env", "app/.env.local", ".venv/pyvenv.cfg"),
        *(".venv/lib/trap.py", "app/__pycache__/main.cpython-313.pyc", ".git/config"),
    ),
    "frontend": (
        *(".env", ".env.local", "node_modules/trap/index.js", "node_modules/.bin/trap"),
        *(".git/config", ".next/BUILD_ID"),
    ),
}
PARTS = tuple(TRAPS)


@dataclass(frozen=True)
class Stage:
    """A Hub, and a copy of the app to deploy to it.

    Attributes:
        app: May be changed.
        variables: What the script is told.
    """

    rehearsal: "Rehearsal"
    hub: Hub
    app: Path
    variables: Mapping[str, str]

    def deploy(self, *arguments: str, **changes: str) -> Deployment:
        """Run the deploy script to its end.

        Raises:
            ProbeError: it failed, having asked the Hub for what only the real one may know.
        """
        before = len(self.hub.unknown)
        told = {"HF_ENDPOINT": self.hub.url, "HF_TOKEN": self.hub.token, **self.variables}
        deployment = self.rehearsal.run(self.app, told | changes, arguments)
        if deployment.code != 0 and (unknown := self.hub.unknown[before:]):
            raise ProbeError(
                f"the script asks for {unknown[0]}, which the local Hub does not know",
                "Compare it with the Hub's API: a mistyped address looks like this. If the real "
                "Hub knows it, please report it.",
            )
        return deployment


@dataclass
class Rehearsal:
    """Where deployments are rehearsed; close it at the end.

    Attributes:
        source: The copy of the app, which stays as it is.
        scratch: A folder for this alone.
    """

    source: Path
    scratch: Path
    paths: CoursePaths
    at_end: ExitStack = field(default_factory=ExitStack)
    _once: Once = field(default_factory=Once)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _watchdog: Watchdog = field(default_factory=Watchdog)
    _longest: float = LIMITS.program

    def __post_init__(self) -> None:
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.at_end.callback(self._watchdog.close)

    @property
    def environment(self) -> AppEnvironment:
        """What the script runs in: the packages of deployment/requirements.txt.

        Raises:
            NoScriptError: they cannot be installed.
        """
        return self._once.get("environment", self._choose_environment)

    def _choose_environment(self) -> AppEnvironment:
        try:
            return choose_environment(self.source / "deployment/requirements.txt", self.paths)
        except RequirementsError as error:
            wanted = "packages in deployment/requirements.txt that can be installed"
            raise NoScriptError(wanted, f"{error}", error.next_step) from error

    @contextmanager
    def open(self, runner: Runner, variables: Mapping[str, str], **options: Any) -> Iterator[Stage]:
        """Run a Hub beside a copy of the app.

        Raises:
            NoScriptError: the app has nothing to deploy with.
        """
        if not find_script(self.source):
            raise NoScriptError(
                "a script deploy.py, or deploy.sh, in the app's own folder",
                "neither",
                "Get it with ./course start 7, or write it.",
            )
        folder = self.scratch / f"{next(self._numbers)}"
        app = folder / "app"
        shutil.copytree(self.source, app, symlinks=True)
        set_traps(app)
        with open_hub(folder / "hub", runner, **options) as hub:
            yield Stage(self, hub, app, variables)

    def run(
        self, app: Path, variables: Mapping[str, str], arguments: tuple[str, ...]
    ) -> Deployment:
        """Run the deploy script of a copy; one that waits for ever costs the whole limit once."""
        python = self.environment.python
        env = make_env(python, app.parent, variables)
        program = ScriptProgram(make_command(app, python, arguments), app, env)
        self.at_end.callback(program.kill)
        self._watchdog.add(program)
        deployment = run_to_end(program, self._longest)
        if deployment.code is None:
            self._longest = LONGEST_AGAIN
        return deployment

    def close(self) -> None:
        """End what still runs."""
        self.at_end.close()


def set_traps(app: Path) -> None:
    """Write what a learner's folders hold and nobody else may see: marked, and harmless."""
    for part, names in TRAPS.items():
        for name in names:
            file = app / part / name
            if (app / part).is_dir() and not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"# {MARK}\n", encoding="utf-8")
