"""Run the planned checks under pytest and keep the verdicts in memory."""

import time
from collections.abc import Callable, Generator
from typing import Any

import msgspec
import pytest

from checker.checks.declare import CheckInfo, read_info
from checker.checks.evidence import EVIDENCE, Evidence
from checker.checks.failure import CheckFailed
from checker.checks.symptoms import FRAME, name_cause
from checker.errors import CourseError, LackingError
from checker.judge.repeating import describe_setup, write_curl
from checker.judge.results import CheckResult, Finding, Outcome
from checker.judge.writable import make_finding_writable
from checker.probes.backend import BrokenExchangeError, NotStartedError
from checker.probes.browser.unmet import UnmetError
from checker.probes.containers.trouble import ContainerError
from checker.probes.hub.trouble import NoScriptError
from checker.probes.node.packages import FrontendError

Listener = Callable[[CheckResult], None]


class JudgePlugin:
    """Orders the checks, skips what waits on a failed one, and turns endings into results.

    Args:
        plan: The checks of this run, in order.
        listener: Told every result as it comes.
        longest: Seconds after which no further check is begun.
    """

    def __init__(self, plan: tuple[CheckInfo, ...], listener: Listener, longest: float) -> None:
        self._plan = {info.id: info for info in plan}
        self._listener = listener
        self._longest = longest
        self._deadline = time.monotonic() + longest
        self._results: dict[str, CheckResult] = {}
        self._lost_during = ""
        self._out_of_time_at = ""
        self._faults: list[str] = []
        self._lacking: dict[str, LackingError] = {}

    def find_result(self, info: CheckInfo) -> CheckResult:
        """Return the result of a planned check; one that never ran is an error, and ours."""
        if info.id in self._results:
            return self._results[info.id]
        return make_result(info, Outcome.ERROR, 0.0, describe_missing(self._faults))

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let pytest write plain traces: for its own, it parses whole modules each time."""
        config.option.tbstyle = "native"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the planned checks, in the plan's order."""
        by_id = {info.id: item for item in items if (info := find_info(item))}
        items[:] = [by_id[name] for name in self._plan if name in by_id]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Give every check exactly one result."""
        info = self._find_planned(item)
        started = time.perf_counter()
        item.stash[ENDING] = []
        item.stash[EVIDENCE] = Evidence()
        done = yield
        if info is not None:
            seconds = time.perf_counter() - started
            self._note(info, item.stash[ENDING], seconds, item.stash[EVIDENCE])
        return done

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a check whose prerequisites have not passed, and all of them when time is up."""
        if (info := self._find_planned(item)) is None:
            return
        if time.monotonic() > self._deadline:
            self._give_up(info)
        if reason := self._find_obstacle(info):
            pytest.skip(reason)

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Remember what a phase of the check raised."""
        if call.excinfo is not None:
            item.stash[ENDING].append(call.excinfo.value)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember why a module of checks could not be read."""
        if report.failed:
            self._faults.append(f"{report.longrepr}")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember why pytest itself gave up."""
        self._faults.append(f"{excinfo.typename}: {excinfo.value}")

    def _find_planned(self, item: pytest.Item) -> CheckInfo | None:
        """Return the facts of a check, with the prerequisites that it has in this run."""
        info = find_info(item)
        return info and self._plan[info.id]

    def _give_up(self, info: CheckInfo) -> None:
        if self._out_of_time_at:
            pytest.skip(f"waits for {self._out_of_time_at}")
        self._out_of_time_at = info.id
        raise CheckFailed(
            expected=f"all checks to be done within {self._longest:g} s",
            got="an app that answers, but too slowly for that",
            next_step="Look for what every request waits for: a sleep, a lock, a busy thread.",
        )

    def _find_obstacle(self, info: CheckInfo) -> str:
        for need in info.needs:
            result = self._results.get(need)
            if need in self._lacking:
                raise self._lacking[need]
            if result is not None and result.outcome is not Outcome.PASSED:
                return f"waits for {need}"
        if self._lost_during and "backend" in info.fixtures:
            return f"the app was lost during {self._lost_during}"
        return ""

    def _note(
        self,
        info: CheckInfo,
        raised: list[BaseException],
        seconds: float,
        evidence: Evidence,
    ) -> None:
        """Keep the result of a check and tell it; remember when the app was lost in it."""
        outcome, finding = judge(raised[0]) if raised else (Outcome.PASSED, None)
        if raised and isinstance(raised[0], LackingError):
            self._lacking[info.id] = raised[0]
        if finding:
            finding = complete(finding, evidence, info.advice or COMPARE)
        if raised and isinstance(raised[0], BrokenExchangeError) and "backend" in info.fixtures:
            self._lost_during = info.id
        result = make_result(info, outcome, seconds, finding)
        self._results[info.id] = result
        self._listener(result)


NOT_THEIRS = "This is not your app's fault. Please report it with the line below."
COMPARE = "Look at the picture, and compare roles and names with the table of pages."
ENDING = pytest.StashKey[list[BaseException]]()


def make_result(
    info: CheckInfo, outcome: Outcome, seconds: float, finding: Finding | None
) -> CheckResult:
    """Return the result of a check, in a form that can be written anywhere."""
    return CheckResult(
        id=info.id,
        title=info.title,
        lesson=info.lesson,
        task=info.task,
        points=info.points,
        needs=info.needs,
        outcome=outcome,
        seconds=round(seconds, 4),
        finding=make_finding_writable(finding) if finding else None,
    )


def complete(finding: Finding, evidence: Evidence, advice: str) -> Finding:
    """Add what was seen during the check, and advice where the failure itself gives none."""
    seen = {**vars(evidence), "log": finding.log or evidence.log}
    next_step = finding.next_step or advice
    return msgspec.structs.replace(finding, **seen, next_step=next_step)


def find_info(item: pytest.Item) -> CheckInfo | None:
    """Return the facts of the check behind a collected item."""
    return read_info(getattr(item, "function", None))


def judge(error: BaseException) -> tuple[Outcome, Finding]:
    """Decide what an exception says about the app: only the kinds of THEIRS are the learner's."""
    if isinstance(error, pytest.skip.Exception):
        return Outcome.SKIPPED, Finding(got=str(error), next_step="Mend that one first.")
    for kind, describe in THEIRS.items():
        if isinstance(error, kind):
            return Outcome.FAILED, describe(error)
    if isinstance(error, CourseError):
        return Outcome.ERROR, Finding(got=error.problem, next_step=error.next_step)
    return Outcome.ERROR, describe_fault(error)


def describe_failure(error: CheckFailed) -> Finding:
    """Return the finding of a comparison that did not hold."""
    exchange = error.exchange
    return Finding(
        expected=error.expected,
        got=error.got,
        next_step=error.next_step,
        setup=describe_setup(exchange.request, exchange.settings) if exchange else "",
        curl=write_curl(exchange.request) if exchange else "",
        log=error.log,
    )


def describe_start(error: NotStartedError) -> Finding:
    """Return the finding of an app that did not start; name what is missing when that is plain."""
    step = "Mend what the lines below name, then run ./course run to see it start."
    if "Error" in error.log and FRAME not in error.log:
        step = "A library raised this while create_app ran: look at what create_app gives it."
    step = name_cause(error.log) or step
    return Finding(
        expected="the app to start and answer", got=error.got, next_step=step, log=error.log
    )


def describe_broken(error: BrokenExchangeError) -> Finding:
    """Return the finding of a request without an answer."""
    return Finding(
        expected=f"{error.request.method} {error.request.path} to be answered",
        got=error.got,
        next_step="Look for a loop without an end, a wait without a limit, or a call of exit().",
        setup=describe_setup(error.request, {}),
        curl=write_curl(error.request),
        log=error.log,
    )


def describe_unmet(error: UnmetError) -> Finding:
    """Return the finding of something that did not come on a page; its check may know more."""
    return Finding(expected=error.expected, got=error.got, next_step=error.next_step)


def describe_frontend(error: FrontendError) -> Finding:
    """Return the finding of a frontend that cannot be installed, built or started."""
    return Finding(
        expected="npm ci, npm run build and npm start to end well in frontend/",
        got=error.got,
        next_step=error.next_step,
        log=error.log,
    )


def describe_container(error: ContainerError) -> Finding:
    """Return the finding of an image or a container that does not do what it is for."""
    return Finding(expected=error.expected, got=error.got, next_step=error.next_step, log=error.log)


def describe_script(error: NoScriptError) -> Finding:
    """Return the finding of an app that has nothing to deploy with."""
    return Finding(expected=error.expected, got=error.got, next_step=error.next_step)


def describe_fault(error: BaseException) -> Finding:
    """Return the finding of a fault of ours, with the place where it happened."""
    trace: Any = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "no traceback"
    return Finding(
        got=f"a fault in the course itself: {type(error).__name__}: {error}",
        next_step=NOT_THEIRS,
        log=place,
    )


def describe_missing(faults: list[str]) -> Finding:
    """Return the finding of a check that never ran."""
    last = faults[-1].strip() if faults else "pytest did not say why"
    return Finding(
        got="a fault in the course itself: the check did not run", next_step=NOT_THEIRS, log=last
    )


THEIRS: dict[type[BaseException], Callable[[Any], Finding]] = {
    CheckFailed: describe_failure,
    NotStartedError: describe_start,
    BrokenExchangeError: describe_broken,
    UnmetError: describe_unmet,
    FrontendError: describe_frontend,
    ContainerError: describe_container,
    NoScriptError: describe_script,
}
