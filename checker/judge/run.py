"""Check one app: copy it, start it, run the planned checks over it, report."""

import datetime as dt
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from checker import __version__
from checker.errors import UsageError
from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.judge.variables import choose_variables
from checker.paths import CoursePaths

if TYPE_CHECKING:
    from checker.checks.declare import CheckInfo
    from checker.checks.stage import Stage
    from checker.probes.app import Launcher
    from checker.probes.backend import ProgramRun


@dataclass(frozen=True)
class RunRequest:
    """What to check.

    Attributes:
        app: The folder that holds `backend/`.
        lesson: The checks of lessons 1 to this one are run.
        seed: Makes the random inputs.
        only: Ids of checks or tasks; empty for all.
        listener: Told every result as it comes.
    """

    paths: CoursePaths
    app: Path
    lesson: int
    seed: int
    only: tuple[str, ...] = ()
    listener: Callable[[CheckResult], None] = field(default=lambda _result: None)


def run_checks(request: RunRequest) -> Report:
    """Run the checks and return what they found.

    Raises:
        UsageError: the folder does not exist, or `only` names nothing.
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
        app=str(request.app),
        lesson=request.lesson,
        seed=request.seed,
        started_at=started_at.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - started, 3),
        results=results,
    )


@contextmanager
def make_scratch() -> Iterator[Path]:
    """Make the run's own folder; the host that apps are forked from removes it too."""
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


def check_copy(request: RunRequest, scratch: Path) -> tuple[CheckResult, ...]:
    """Copy the app into the scratch folder, start its host, and run the checks over it."""
    from checker.probes.environment import RequirementsError, choose_environment
    from checker.probes.launch import open_launcher
    from checker.probes.submission import SubmissionError, copy_app

    app = scratch / "app"
    app.mkdir()
    try:
        copy_app(request.app, app)
        environment = choose_environment(app / "backend" / "requirements.txt", request.paths)
    except SubmissionError as error:
        return refuse_all(request, "a folder that can be copied", str(error), MAKE_SMALLER)
    except RequirementsError as error:
        return refuse_all(request, INSTALLABLE, str(error), MEND_REQUIREMENTS)
    # From here on the host imports the frameworks while this process imports pytest.
    launcher = open_launcher(environment, scratch)
    try:
        return run_plan(request, launcher, app)
    finally:
        launcher.close()


def run_plan(request: RunRequest, launcher: "Launcher", app: Path) -> tuple[CheckResult, ...]:
    """Let pytest run the planned checks, and return their results in order."""
    from checker.checks.fixtures import Bench, CheckFixtures, Observations, Variants
    from checker.judge.plan import list_checks, list_observers, list_variants, plan_checks
    from checker.judge.plugin import JudgePlugin

    plan = plan_checks(request.lesson, request.only)
    judge = JudgePlugin(plan, request.listener)
    with ExitStack() as stack:
        # Two pools of one thread: two observations at once would disturb each other.
        launching, observing = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        for pool in (launching, observing):
            stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        stage = set_stage(request, launcher, app, stack)
        migration = launching.submit(migrate, stage)
        import pytest  # noqa: F401 - takes a while, as the migration does

        migration.exception()  # the contract: the app starts when its tables are there
        process = stage.probe.launch()
        variants = Variants(stage.probe, list_variants(plan, stage), process, launching)
        observations = Observations(list_observers(plan), stage, variants, observing)
        fixtures = CheckFixtures(Bench(stage, process, variants, observations, migration))
        run_pytest(plan, [judge, fixtures])
    return tuple(judge.results[info.id] for info in list_checks() if info.id in judge.results)


def set_stage(request: RunRequest, launcher: "Launcher", app: Path, stack: ExitStack) -> "Stage":
    """Prepare what the checks work with; the stack takes it away again."""
    from checker.checks.stage import Stage
    from checker.judge.inputs import Inputs
    from checker.probes.backend import BackendProbe
    from checker.probes.project import Project

    inputs = Inputs(request.seed)
    variables = choose_variables(request.lesson, inputs)
    stock = None
    if request.lesson >= FIRST_WITH_DATABASE:
        from checker.probes.postgres.stock import open_stock

        stock = stack.enter_context(open_stock(request.paths))
        variables["DATABASE_URL"] = stock.main.url
    probe = BackendProbe(launcher, app / "backend", app.parent, variables)
    stack.callback(probe.close)
    return Stage(Project(app), probe, inputs, stock)


def migrate(stage: "Stage") -> "ProgramRun | None":
    """Build the main database's tables with the app's own migrations, where there are any."""
    if stage.stock is None:
        return None
    return stage.probe.run_alembic(stage.stock.main.url, "upgrade", "head")


FIRST_WITH_DATABASE = 3  # the lesson that brings PostgreSQL
INSTALLABLE = "packages in backend/requirements.txt that can be installed"
MEND_REQUIREMENTS = "Correct the name or the version of that package."
MAKE_SMALLER = "Move what is not source code out of the app's folder."


def refuse_all(
    request: RunRequest, expected: str, got: str, next_step: str
) -> tuple[CheckResult, ...]:
    """Fail the first check with this finding; everything else waits for it."""
    from checker.judge.plan import plan_checks

    plan = plan_checks(request.lesson, request.only)
    finding = Finding(expected=expected, got=got, next_step=next_step)
    waits = Finding(got=f"waits for {plan[0].id}", next_step="Mend that one first.")
    return tuple(
        CheckResult(
            id=info.id,
            title=info.title,
            lesson=info.lesson,
            task=info.task,
            points=info.points,
            needs=info.needs,
            outcome=Outcome.SKIPPED if number else Outcome.FAILED,
            seconds=0.0,
            finding=waits if number else finding,
        )
        for number, info in enumerate(plan)
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
    lessons = {info.lesson for info in plan}
    modules = [str(path) for n in sorted(lessons) for path in folder.glob(f"test_{n:02}_*.py")]
    off = (
        "terminal",
        "cacheprovider",
        "doctest",
        "junitxml",
        "unittest",
        "pastebin",
        "faulthandler",
    )
    arguments = ["--capture=no", "--assert=plain", "--import-mode=importlib", "-c", str(EMPTY)]
    arguments += [part for name in off for part in ("-p", f"no:{name}")]
    code = pytest.main([*arguments, "--rootdir", str(folder), *modules], plugins=plugins)
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt


EMPTY = Path(__file__).with_name("pytest.ini")


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Treat a request to end like Ctrl-C, so that everything is cleaned up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
