"""Prepare what the checks of a run work with, beside what the run stands on."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.checks.declare import CheckInfo
from checker.checks.evidence import choose_folder
from checker.checks.fixtures import Bench, Observations, Variants
from checker.judge.ground import Groundwork
from checker.judge.plan import find_wants, list_observers, list_variants
from checker.probes.app import Launcher
from checker.probes.backend import BackendProbe, ProgramRun

if TYPE_CHECKING:
    from checker.judge.run import RunRequest
    from checker.probes.containers.lab import Lab
    from checker.probes.hub.rehearsal import Rehearsal
    from checker.probes.node.site import Site


OBSERVERS = 3  # at a time: more would only stand in each other's way
PAGE_FIXTURES = frozenset({"site", "visitors", "member"})


@contextmanager
def open_bench(
    request: "RunRequest", plan: tuple[CheckInfo, ...], launcher: Launcher, work: Groundwork
) -> Iterator[Bench]:
    """Prepare the rest; what takes long goes on while the checks begin.

    Args:
        request: What is checked.
        plan: The checks of the run.
        launcher: Starts the app; it is closed at the end.
        work: What is under way already.
    """
    ground = work.ground.result()
    offered: dict[str, Any] = {**vars(ground), "migrating": work.migration}
    with ExitStack() as stack:
        observing = ThreadPoolExecutor(OBSERVERS)  # they look at backends of their own
        stack.callback(observing.shutdown, cancel_futures=True)
        stack.callback(launcher.close)  # frees whoever still waits for an app
        wanted = list_variants(plan, offered)
        variants = Variants(ground.probe, work.usual, wanted, work.launching)
        lab = open_lab(plan, ground.probe.folder.parent, stack)
        rehearsal = open_rehearsal(request, plan, ground.probe.folder.parent, stack)
        offered |= {"variants": variants, "lab": lab, "rehearsal": rehearsal}
        observations = Observations(list_observers(plan), offered, observing)
        site = serve_pages(request, plan, launcher, ground.probe, work.migration, stack)
        yield Bench(
            **vars(ground),
            variants=variants,
            observations=observations,
            migration=work.migration,
            site=site,
            paths=request.paths,
            evidence=choose_folder(request.paths.cache),
            lab=lab,
            quarters=request.quarters,
            is_traced=request.is_traced,
            is_glance=request.is_glance,
        )


def serve_pages(  # noqa: PLR0913, PLR0917 - all that pages stand on
    request: "RunRequest",
    plan: tuple[CheckInfo, ...],
    launcher: Launcher,
    probe: BackendProbe,
    migration: Future[ProgramRun | None],
    stack: ExitStack,
) -> "Future[Site] | None":
    """Build and serve the frontend beside the checks, when the plan looks at pages."""
    if not any(PAGE_FIXTURES.intersection(info.fixtures) for info in plan):
        return None
    from checker.probes.node.site import SiteOrder

    order = SiteOrder(
        frontend=probe.folder.parent / "frontend",
        cache=request.paths.cache,
        scratch=probe.folder.parent.parent / "pages",
        probe=probe,
        wait_for_tables=migration.result,
    )
    serving = ThreadPoolExecutor(1)
    opened = stack.enter_context(ExitStack())
    stack.callback(serving.shutdown, cancel_futures=True)
    stack.callback(order.stopping.set)
    return serving.submit(opened.enter_context, request.quarters.open_site(order, launcher))


def open_lab(plan: tuple[CheckInfo, ...], app: Path, stack: ExitStack) -> "Lab | None":
    """Open a workplace for images and containers, when the plan looks at some."""
    if not any("lab" in find_wants(info) for info in plan):
        return None
    from checker.probes.containers.lab import Lab

    lab = Lab(app, app.parent / "lab")
    stack.callback(lab.close)
    return lab


def open_rehearsal(
    request: "RunRequest", plan: tuple[CheckInfo, ...], app: Path, stack: ExitStack
) -> "Rehearsal | None":
    """Open a place to rehearse deployments, when the plan looks at some."""
    if not any("rehearsal" in find_wants(info) for info in plan):
        return None
    from checker.probes.hub.rehearsal import Rehearsal

    rehearsal = Rehearsal(app, app.parent / "rehearsal", request.paths)
    stack.callback(rehearsal.close)
    return rehearsal
