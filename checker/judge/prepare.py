"""Prepare what the checks of a run work with, and take it away at the end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.checks.declare import CheckInfo
from checker.checks.fixtures import Bench, Observations, Variants
from checker.judge.inputs import Inputs
from checker.judge.plan import list_observers, list_variants
from checker.judge.variables import DATABASE, FIRST_LESSONS, SECRET, choose_variables, find_stage
from checker.probes.app import Launcher
from checker.probes.backend import BackendProbe
from checker.probes.project import Project

if TYPE_CHECKING:
    from checker.judge.run import RunRequest
    from checker.probes.postgres.stock import DatabaseStock


OBSERVERS = 3  # at a time: more would only stand in each other's way


@contextmanager
def open_bench(
    request: "RunRequest", plan: tuple[CheckInfo, ...], launcher: Launcher, app: Path
) -> Iterator[Bench]:
    """Prepare everything; what takes long goes on while the checks begin.

    Args:
        request: What is checked.
        plan: The checks of the run.
        launcher: Starts the app; it is closed at the end.
        app: The copy of the app.
    """
    inputs = Inputs(request.seed)
    project = Project(app, request.app)  # read before anything runs
    stage = find_stage(project, request.lesson)
    variables = choose_variables(stage, inputs)
    with ExitStack() as stack:
        databases = lend_databases(request, stage, stack)
        if databases:
            variables[DATABASE] = databases.main.url
        # A start needs a whole core. Observations look at backends of their own.
        launching, observing = ThreadPoolExecutor(1), ThreadPoolExecutor(OBSERVERS)
        for pool in (launching, observing):
            stack.callback(pool.shutdown, cancel_futures=True)
        stack.callback(launcher.close)  # frees whoever still waits for an app
        probe = BackendProbe(launcher, app / "backend", app.parent, variables, request.limits)
        stack.callback(probe.close)
        migration = None
        if databases:  # the contract: an app starts when its tables are there
            migration = launching.submit(probe.run_alembic, databases.main.url, "upgrade", "head")
        offered: dict[str, Any] = {"probe": probe, "inputs": inputs, "databases": databases}
        variants = Variants(probe, list_variants(plan, offered), launching)
        offered |= {"variants": variants, "migrating": migration}
        observations = Observations(list_observers(plan), offered, observing)
        yield Bench(project, probe, inputs, variants, observations, databases, migration)


def lend_databases(request: "RunRequest", stage: int, stack: ExitStack) -> "DatabaseStock | None":
    """Make the run's databases for an app that has come so far; the stack drops them.

    The checks of lesson 1 store nothing: there an app gets none, and must start all the same.
    """
    if stage < FIRST_LESSONS[DATABASE] or request.lesson < FIRST_LESSONS[SECRET]:
        return None
    from checker.probes.postgres.stock import open_stock

    return stack.enter_context(open_stock(request.paths))
