"""Lay what a run stands on, and start the app that most checks share.

All of it goes on in a thread of its own, while pytest and the checks are being imported.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checker.judge.inputs import Inputs
from checker.judge.variables import (
    DATABASE,
    FIRST_LESSONS,
    MODEL_KEY,
    SECRET,
    choose_variables,
    find_stage,
    name_model,
)
from checker.probes.app import AppProcess, Launcher, wait_until_ready
from checker.probes.backend import BackendProbe, ProgramRun
from checker.probes.project import Project

if TYPE_CHECKING:  # lessons without a database or a model load neither
    from checker.judge.run import RunRequest
    from checker.probes.model.server import ModelServer
    from checker.probes.postgres.stock import DatabaseStock


@dataclass(frozen=True)
class Ground:
    """What a run stands on.

    Attributes:
        project: The app's files, as they were copied.
        inputs: The run's random inputs.
        databases: The run's databases; None in lessons that have none.
        model: The model that the app asks; None in lessons that have none.
        probe: Starts and reaches backends, and knows the variables that they are started with.
    """

    project: Project
    inputs: Inputs
    databases: "DatabaseStock | None"
    model: "ModelServer | None"
    probe: BackendProbe


@dataclass(frozen=True)
class Groundwork:
    """What is under way while the checks are imported.

    Attributes:
        ground: What the run stands on.
        migration: The migration of the main database; None where there is no database.
        usual: The backend that most checks share, whether or not it has answered.
        launching: Where backends are started, one after the other: a start needs a whole core.
    """

    ground: Future[Ground]
    migration: Future[ProgramRun | None]
    usual: Future[AppProcess]
    launching: ThreadPoolExecutor


@contextmanager
def begin_groundwork(request: "RunRequest", launcher: Launcher, app: Path) -> Iterator[Groundwork]:
    """Begin everything that a run needs before its first check; take it away at the end.

    Args:
        request: What is checked.
        launcher: Starts the app; it is closed at the end.
        app: The copy of the app.
    """
    with ExitStack() as stack:
        lent = stack.enter_context(ExitStack())
        launching = ThreadPoolExecutor(1)
        stack.callback(launching.shutdown, cancel_futures=True)
        stack.callback(launcher.close)  # frees whoever still waits for an app
        ground = launching.submit(lay_ground, request, launcher, app, lent)
        # The contract: an app starts when its tables are there.
        migration = launching.submit(migrate, ground)
        usual = launching.submit(start_usual, ground)
        launching.submit(wait_for_usual, usual)  # others start when it has answered, or ended
        yield Groundwork(ground, migration, usual, launching)


def lay_ground(request: "RunRequest", launcher: Launcher, app: Path, lent: ExitStack) -> Ground:
    """Read the app, and lend it what its lesson has; the stack takes that back."""
    inputs = Inputs(request.seed)
    project = Project(app, request.app)  # read before anything runs
    stage = find_stage(project, request.lesson)
    variables = choose_variables(stage, inputs)
    databases = lend_databases(request, stage, lent)
    if databases:
        variables[DATABASE] = databases.main.url
    model = open_model(request, lent)
    if model:
        variables |= name_model(model)
    probe = BackendProbe(launcher, app / "backend", app.parent, variables, request.limits)
    lent.callback(probe.close)
    return Ground(project, inputs, databases, model, probe)


def migrate(laid: Future[Ground]) -> ProgramRun | None:
    """Migrate the main database, if there is one."""
    ground = laid.result()
    if not ground.databases:
        return None
    return ground.probe.run_alembic(ground.databases.main.url, "upgrade", "head")


def start_usual(laid: Future[Ground]) -> AppProcess:
    """Start the backend that most checks share."""
    return laid.result().probe.launch()


def wait_for_usual(started: Future[AppProcess]) -> None:
    """Wait for its first answer or its end; whoever looks at it learns which it was."""
    if started.exception() is None:
        wait_until_ready(started.result())


def open_model(request: "RunRequest", lent: ExitStack) -> "ModelServer | None":
    """Let a model play from the lesson on that has one; an app of any lesson runs without."""
    if request.lesson < FIRST_LESSONS[MODEL_KEY]:
        return None
    from checker.probes.model.server import ModelServer

    return lent.enter_context(ModelServer())


def lend_databases(request: "RunRequest", stage: int, lent: ExitStack) -> "DatabaseStock | None":
    """Make the run's databases for an app that has come so far; the stack drops them.

    The checks of lesson 1 store nothing: there an app gets none, and must start all the same.
    """
    if stage < FIRST_LESSONS[DATABASE] or request.lesson < FIRST_LESSONS[SECRET]:
        return None
    from checker.probes.postgres.stock import open_stock

    return lent.enter_context(open_stock(request.paths, is_apart=request.quarters.is_apart))
