"""Decide what is checked when, and tell what came of it: behind `./course watch` and `serve`."""

import queue
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from checker.board.member import JOIN, UNKNOWN, tell_board, was_forgotten
from checker.course.manifest import load_lessons
from checker.errors import CourseError
from checker.judge.plan import plan_checks
from checker.judge.results import CheckResult, Report
from checker.judge.verdict import CheckOrder, choose_app, choose_lesson
from checker.watch.affected import Known, choose_glance, choose_next, find_affected, has_failed
from checker.watch.messages import Answer, Order, WarmPages
from checker.watch.saves import HISTORY, SaveWatcher
from checker.watch.workers import Worker, Workers

if TYPE_CHECKING:
    from checker.checks.declare import CheckInfo
    from checker.watch.pages import PagesKeeper

PATIENCE = 0.5  # seconds; on Windows a wait without an end cannot be interrupted


@dataclass(frozen=True)
class Begun:
    """Checks were begun.

    Attributes:
        paths: What was saved; empty when it was asked for.
        count: How many checks are run first.
    """

    lesson: int
    paths: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Verdict:
    """Checks have ended.

    Attributes:
        report: All that is known about the app, what was found earlier included.
        ran: The ids of the checks that were run now.
        seconds: Since the last save, or since they were asked for.
        left: How many checks are still to be run.
    """

    report: Report
    ran: frozenset[str]
    seconds: float
    left: int


@dataclass(frozen=True)
class Trouble:
    """The checks cannot be run, or what they found cannot be passed on.

    Attributes:
        problem, next_step: See `CourseError`.
    """

    problem: str
    next_step: str


Event = Begun | CheckResult | Verdict | Trouble
Tell = Callable[[Event], None]


class Engine:
    """Watches one app and checks it; everything but `run` may be called from any thread.

    Args:
        order: What is watched.
        tell: Told every event, from the thread that runs.
        pages: Keeps pages and a browser warm; None to build them for each run.
    """

    def __init__(self, order: CheckOrder, tell: Tell, pages: "PagesKeeper | None" = None) -> None:
        self._order = order
        self._tell = tell
        self._pages = pages
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lessons = load_lessons(order.paths)
        self._known: dict[str, CheckResult] = {}
        self._due: frozenset[str] = frozenset()
        self._changed: frozenset[str] = frozenset()
        self._is_busy = False
        self._is_glance = False
        self._is_stopped = False
        self._asked_at = time.time()
        self.lesson = choose_lesson(order)
        self.app = choose_app(order, self.lesson)
        self._plan: tuple[CheckInfo, ...] = plan_checks(self.lesson, order.only)

    def check_all(self) -> None:
        """Run every check."""
        self._inbox.put(self._begin_anew)

    def stop(self) -> None:
        """Let `run` end."""
        self._inbox.put(self._stop)

    def run(self) -> None:
        """Check, and check again after each save, until `stop` or an interrupt."""
        with ExitStack() as stack:
            self._workers = Workers(self._order.paths, self._hear)
            stack.callback(self._workers.close)
            watcher = SaveWatcher(self.app, self._hear_save, self._order.paths)
            stack.callback(watcher.close)
            self._begin_anew()
            while not self._is_stopped:
                with suppress(queue.Empty):
                    self._inbox.get(timeout=PATIENCE)()

    def _stop(self) -> None:
        self._is_stopped = True

    def _begin_anew(self) -> None:
        self._cancel()
        self._due = frozenset(info.id for info in self._plan)
        self._changed = frozenset()
        self._asked_at = time.time()
        self._begin()

    def _save(self, paths: frozenset[str]) -> None:
        """Take note of a save; what it affects has to be run again, and first of all."""
        if HISTORY in paths and self._has_moved_on():
            return self._begin_anew()
        self._asked_at = time.time()
        changed = paths - {HISTORY}
        if not changed:
            return None
        if affected := find_affected(self._plan, changed, self._known, self._lessons):
            self._cancel()
            self._due |= affected
            self._changed = changed
            self._begin(is_first=True)
        return None

    def _has_moved_on(self) -> bool:
        """Take note of the lesson that the workspace is in now; tell whether it is another one."""
        try:
            lesson = choose_lesson(self._order)
        except CourseError:  # in the middle of a merge; the next move of the history tells
            return False
        if lesson == self.lesson:
            return False
        self.lesson = lesson
        self._plan = plan_checks(lesson, self._order.only)
        self._known.clear()
        return True

    def _cancel(self) -> None:
        """Interrupt the run that is on; what it had still to say is not listened to."""
        if self._is_busy:
            self._is_busy = False
            self._workers.replace()

    def _begin(self, *, is_first: bool = False) -> None:
        """Give the next order, the first one after a save or a further one."""
        only = choose_next(self._plan, self._due, self._changed, self._known, self._lessons)
        glance = choose_glance(self._plan, only, self._known) if is_first else ()
        only = glance or only
        self._is_glance = bool(glance)
        self._is_busy = True
        self._tell(Begun(self.lesson, tuple(sorted(self._changed)), len(only)))
        self._workers.current.send(
            Order(
                app=f"{self.app}",
                lesson=self.lesson,
                only=only,
                is_glance=self._is_glance,
                seed=secrets.randbelow(2**32),
                pages=self._find_pages(only),
            )
        )

    def _find_pages(self, only: tuple[str, ...]) -> WarmPages | None:
        chosen = [info for info in self._plan if info.id in only]
        return self._pages.find(self.app, chosen) if self._pages else None

    def _hear_save(self, paths: frozenset[str]) -> None:
        self._inbox.put(lambda: self._save(paths))

    def _hear(self, worker: Worker, answer: Answer | None) -> None:
        self._inbox.put(lambda: self._take(worker, answer))

    def _take(self, worker: Worker, answer: Answer | None) -> None:
        """Take an answer, unless it comes from a run that was cancelled."""
        if worker is not self._workers.current:
            return
        if answer is None:
            self._workers.replace()
            if self._is_busy:
                self._give_up("the process that checks ended unexpectedly", TRY_AGAIN)
        elif answer.result is not None:
            self._tell(answer.result)
        elif answer.report is None:
            self._give_up(answer.problem, answer.next_step)
        else:
            self._conclude(answer.report)

    def _give_up(self, problem: str, next_step: str) -> None:
        self._is_busy = False
        self._tell(Trouble(problem, next_step))

    def _conclude(self, report: Report) -> None:
        """Add what a run found to what is known, and go on with what is left."""
        self._is_busy = False
        found = {result.id: result for result in report.results}
        merged = self._merge(report, {**self._known, **found})
        settled = {n: r for n, r in found.items() if not (self._is_glance and has_failed(n, found))}
        self._known |= settled
        self._due -= settled.keys()
        seconds = time.time() - self._asked_at
        self._tell(Verdict(merged, frozenset(found), seconds, len(self._due)))
        if not (self._order.folder or self._is_glance):
            tell_board(self._order.paths, report)
        if self._due:
            self._begin()
        elif not self._order.folder and was_forgotten(self._order.paths):
            self._tell(Trouble(UNKNOWN, JOIN))
        self._workers.keep_reserve()

    def _merge(self, report: Report, known: Known) -> Report:
        results = tuple(known[info.id] for info in self._plan if info.id in known)
        return msgspec.structs.replace(report, results=results)


TRY_AGAIN = "Save the file again, or press a. If it happens again, report it."
