"""Prepare what the checks of a run work with, and take it away at the end."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.checks.declare import CheckInfo
from checker.checks.evidence import choose_folder
from checker.checks.fixtures import Bench, Observations, Variants
from checker.judge.inputs import Inputs
from checker.judge.plan import list_observers, list_variants
from checker.judge.variables import (
    DATABASE,
    FIRST_LESSONS,
    MODEL_KEY,
    SECRET,
    choose_variables,
    find_stage,
    name_model,
)
from checker.probes.app import Launcher
from checker.probes.backend import BackendProbe, ProgramRun
from checker.probes.project import Project

if TYPE_CHECKING:
    from checker.judge.run import RunRequest
    from checker.probes.model.server import ModelServer
    from checker.probes.node.site import Site
    from checker.probes.postgres.stock import DatabaseStock


OBSERVERS = 3  # at a time: more would only stand in each other's way
PAGE_FIXTURES = frozenset({"site", "visitors", "member"})


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
        model = open_model(request, stack)
        if model:
            variables |= name_model(model)
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
        offered["model"] = model
        variants = Variants(probe, list_variants(plan, offered), launching)
        offered |= {"variants": variants, "migrating": migration}
        observations = Observations(list_observers(plan), offered, observing)
        site = serve_pages(request, plan, probe, migration, stack)
        yield Bench(
            project,
            probe,
            inputs,
            variants,
            observations,
            databases,
            model,
            migration,
            site,
            request.paths,
            choose_folder(request.paths.cache),
            request.is_traced,
        )


def serve_pages(
    request: "RunRequest",
    plan: tuple[CheckInfo, ...],
    probe: BackendProbe,
    migration: "Future[ProgramRun] | None",
    stack: ExitStack,
) -> "Future[Site] | None":
    """Build and serve the frontend beside the checks, when the plan looks at pages."""
    if not any(PAGE_FIXTURES.intersection(info.fixtures) for info in plan):
        return None
    from checker.probes.node.site import SiteOrder, open_site

    order = SiteOrder(
        frontend=probe.folder.parent / "frontend",
        cache=request.paths.cache,
        scratch=probe.folder.parent.parent / "pages",
        probe=probe,
        wait_for_tables=migration.result if migration else lambda: None,
    )
    serving = ThreadPoolExecutor(1)
    opened = stack.enter_context(ExitStack())
    stack.callback(serving.shutdown, cancel_futures=True)
    stack.callback(order.stopping.set)
    return serving.submit(opened.enter_context, open_site(order))


def open_model(request: "RunRequest", stack: ExitStack) -> "ModelServer | None":
    """Let a model play from the lesson on that has one; an app of any lesson runs without."""
    if request.lesson < FIRST_LESSONS[MODEL_KEY]:
        return None
    from checker.probes.model.server import ModelServer

    return stack.enter_context(ModelServer())


def lend_databases(request: "RunRequest", stage: int, stack: ExitStack) -> "DatabaseStock | None":
    """Make the run's databases for an app that has come so far; the stack drops them.

    The checks of lesson 1 store nothing: there an app gets none, and must start all the same.
    """
    if stage < FIRST_LESSONS[DATABASE] or request.lesson < FIRST_LESSONS[SECRET]:
        return None
    from checker.probes.postgres.stock import open_stock

    return stack.enter_context(open_stock(request.paths))
