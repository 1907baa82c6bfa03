"""Check one app: copy it, start it, run the planned checks over it, report."""

import datetime as dt
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from checker import __version__
from checker.errors import CourseError, UsageError
from checker.interrupts import sigterm_as_interrupt
from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.judge.writable import make_writable
from checker.paths import CoursePaths
from checker.probes.app import AppLimits
from checker.probes.guest.removal import remove_tree
from checker.probes.launch import OpenQuarters, Quarters

if TYPE_CHECKING:
    from checker.checks.declare import CheckInfo
    from checker.judge.ground import Groundwork
    from checker.probes.app import Launcher


@dataclass(frozen=True)
class RunRequest:
    """What to check.

    Attributes:
        app: The folder that holds `backend/`.
        lesson: The checks of lessons 1 to this one are run.
        seed: Makes the random inputs.
        only: Ids of checks or tasks; empty for all.
        is_glance: Whether this is a quick look at a few: what they need passed just before, and is
            not run again, and visitors of pages have little patience.
        listener: Told every result as it comes.
        limits: What each start of the app may use, and how long it may take.
        longest: Seconds after which no further check is begun, but for what `allow_time` adds.
        is_traced: Whether what a browser does is recorded, to be looked at after a failure.
        quarters: Where the apps live.
    """

    paths: CoursePaths
    app: Path
    lesson: int
    seed: int
    only: tuple[str, ...] = ()
    is_glance: bool = False
    listener: Callable[[CheckResult], None] = field(default=lambda _result: None)
    limits: AppLimits = field(default_factory=AppLimits)
    longest: float = 300.0
    is_traced: bool = False
    quarters: Quarters = field(default_factory=OpenQuarters)


def run_checks(request: RunRequest) -> Report:
    """Run the checks and return what they found.

    Raises:
        UsageError: the folder does not exist, or `only` names nothing.
        CourseError: the checks cannot be run here.
        KeyboardInterrupt: the run was interrupted; everything it started has ended.
    """
    if not request.app.is_dir():
        raise UsageError(
            f"there is no folder {request.app}",
            "Run ./course start to get a workspace, or name another folder with --dir.",
        )
    started_at = dt.datetime.now(dt.UTC)
    started = time.perf_counter()
    with sigterm_as_interrupt(), make_scratch() as scratch:
        results = check_copy(request, scratch)
    return Report(
        checker=__version__,
        app=make_writable(f"{request.app}"),
        lesson=request.lesson,
        seed=request.seed,
        started_at=started_at.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - started, 3),
        results=results,
    )


@contextmanager
def make_scratch() -> Iterator[Path]:
    """Make the run's own folder; the host that apps are forked from removes it too.

    Raises:
        CourseError: there is no room for it.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="course-")).resolve()
    except OSError as error:
        raise CourseError(
            f"no temporary folder can be made: {error.strerror or error}",
            "Make room on its disk, or name another folder in the variable TMPDIR.",
        ) from error
    try:
        yield folder
    finally:
        remove_tree(folder)


def check_copy(request: RunRequest, scratch: Path) -> tuple[CheckResult, ...]:
    """Copy the app into the scratch folder, start its host, and run the checks over it."""
    from checker.judge.ground import begin_groundwork
    from checker.probes.environment import RequirementsError
    from checker.probes.submission import SubmissionError, copy_app

    app = scratch / "app"
    try:
        copy_app(request.app, app)
        requirements = app / "backend" / "requirements.txt"
        environment = request.quarters.choose_environment(requirements, request.paths)
    except SubmissionError as error:
        return refuse_all(request, "a folder that can be copied", str(error), error.next_step)
    except RequirementsError as error:
        return refuse_all(request, INSTALLABLE, str(error), error.next_step, at="app_starts")
    launcher = request.quarters.open_launcher(environment, scratch)
    try:
        with begin_groundwork(request, launcher, app) as work:
            return run_plan(request, launcher, work)
    finally:
        launcher.close()


def run_plan(
    request: RunRequest, launcher: "Launcher", work: "Groundwork"
) -> tuple[CheckResult, ...]:
    """Let pytest run the planned checks, and return their results in order."""
    from checker.checks.fixtures import CheckFixtures
    from checker.judge.plan import allow_time, list_checks, plan_checks
    from checker.judge.plugin import JudgePlugin
    from checker.judge.prepare import open_bench

    plan = plan_checks(request.lesson, request.only, with_needs=not request.is_glance)
    with open_bench(request, plan, launcher, work) as bench:
        judge = JudgePlugin(plan, request.listener, allow_time(plan, request.longest))
        plugins: list[object] = [judge, CheckFixtures(bench)]
        if bench.site is not None or any("browser" in info.fixtures for info in plan):
            from checker.checks.page_fixtures import PageFixtures

            plugins.append(PageFixtures(bench))
        run_pytest(plan, plugins)
    planned = {info.id: info for info in plan}
    known = list_checks(range(request.lesson + 1))
    in_order = (planned[info.id] for info in known if info.id in planned)
    return tuple(judge.find_result(info) for info in in_order)


INSTALLABLE = "packages in backend/requirements.txt that can be installed"


def refuse_all(
    request: RunRequest, expected: str, got: str, next_step: str, at: str = ""
) -> tuple[CheckResult, ...]:
    """Fail the check `at`, or the first when it is not planned; everything else waits for it."""
    from checker.judge.plan import plan_checks

    plan = plan_checks(request.lesson, request.only, with_needs=not request.is_glance)
    refused = next((info for info in plan if info.id == at), plan[0])
    finding = Finding(expected=expected, got=make_writable(got), next_step=next_step)
    waits = Finding(got=f"waits for {refused.id}", next_step="Mend that one first.")
    return tuple(
        CheckResult(
            id=info.id,
            title=info.title,
            lesson=info.lesson,
            task=info.task,
            points=info.points,
            needs=info.needs,
            outcome=Outcome.FAILED if info is refused else Outcome.SKIPPED,
            seconds=0.0,
            finding=finding if info is refused else waits,
        )
        for info in plan
    )


def run_pytest(plan: "tuple[CheckInfo, ...]", plugins: list[object]) -> None:
    """Run pytest in this process, over the checks of the plan and nothing else.

    No file of the app is on its path: it collects the course's own modules, reads no
    configuration, and prints nothing.

    Raises:
        KeyboardInterrupt: pytest was interrupted.
    """
    import pytest

    folder = Path(__file__).resolve().parent.parent / "checks"
    modules = [f"{folder / name}.py" for name in sorted({info.module for info in plan})]
    arguments = ["--capture=no", "--assert=plain", "--import-mode=importlib", "-c", str(EMPTY)]
    arguments += ["--continue-on-collection-errors", "--disable-plugin-autoload"]
    arguments += [part for name in SWITCHED_OFF for part in ("-p", f"no:{name}")]
    with without_variables("PYTEST_ADDOPTS", "PYTEST_PLUGINS"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a user may have made errors of them
        code = pytest.main([*arguments, "--rootdir", str(folder), *modules], plugins=plugins)
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt


# Parts of pytest that the checks have no use for, and that take time in every run.
SWITCHED_OFF = (
    "cacheprovider",
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "legacypath",
    "logging",
    "pastebin",
    "setuponly",
    "setupplan",
    "stepwise",
    "terminal",
    "threadexception",
    "tmpdir",
    "unittest",
    "unraisableexception",
    "warnings",
)
EMPTY = Path(__file__).with_name("pytest.ini")


@contextmanager
def without_variables(*names: str) -> Iterator[None]:
    """Take variables out of the environment for a while: the user's own tests may need them."""
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
