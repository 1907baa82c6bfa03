"""Say on a terminal what a watch found: what was saved, what it changed, what is left to mend."""

import time

import msgspec
from rich.console import Console

from checker.course.manifest import Lesson
from checker.judge.results import CheckResult, Outcome, Report
from checker.report.lines import LinePrinter
from checker.report.occasion import Occasion, advise
from checker.report.terminal import ReportPrinter
from checker.watch.engine import Begun, Event, Trouble, Verdict

NOT_PASSED = frozenset({Outcome.FAILED, Outcome.ERROR})
SHOWN_PATHS = 3
KEYS = "Keys: a run all, h hint, n next task, o open the lesson, q quit."


class Screen:
    """Shows the events of one watch, in lines: what scrolled by can be read again.

    Args:
        lessons: Every lesson of the course.
        console: Where to.
    """

    def __init__(self, lessons: tuple[Lesson, ...], console: Console) -> None:
        self._lessons = lessons
        self._console = console
        self._lines = LinePrinter(console)
        self._shown: frozenset[str] = frozenset()
        self.report: Report | None = None

    def say(self, text: str) -> None:
        """Print one line."""
        self._lines.print(text=text)

    def show(self, event: Event) -> None:
        """Print what an event has to tell; single results come with their verdict."""
        if isinstance(event, Begun):
            self._show_begun(event)
        elif isinstance(event, Verdict):
            self._show_verdict(event)
        elif isinstance(event, Trouble):
            self._lines.print("error: ", "bold red", event.problem)
            self._lines.print("next:  ", "bold", event.next_step)

    def _show_begun(self, event: Begun) -> None:
        names = ", ".join(event.paths[:SHOWN_PATHS])
        more = len(event.paths) - SHOWN_PATHS
        what = f"{names}{f' and {more} more' if more > 0 else ''}" if names else "everything"
        self._lines.print(f"{time.strftime('%H:%M:%S')} ", "dim", f"{what}: {count(event.count)}")

    def _show_verdict(self, event: Verdict) -> None:
        """Print what does not pass and was not printed for the save before, then how it stands."""
        self.report = event.report
        ran = [result for result in event.report.results if result.id in event.ran]
        failed = frozenset(result.id for result in ran if result.outcome in NOT_PASSED)
        if failed:
            self._print_findings(event.report, ran)
        self._lines.print()
        style = "bold red" if failed else "bold green"
        passed = sum(result.outcome is Outcome.PASSED for result in ran)
        head = f"{passed} of {count(len(ran))} passed"
        left = f", {event.left} more to run" if event.left else ""
        self._lines.print(head, style, f" in {event.seconds:.1f} s{left}")
        if not event.left:
            self._show_standing(event.report)

    def _print_findings(self, report: Report, ran: list[CheckResult]) -> None:
        part = msgspec.structs.replace(report, results=tuple(ran))
        occasion = Occasion(self._lessons, current=report.lesson)
        ReportPrinter(part, occasion, self._console, show_all=False).print_findings()

    def _show_standing(self, report: Report) -> None:
        """Print how the whole lesson stands, and the next step."""
        head = f"Lesson {report.lesson}: {report.score} of {report.max_score} points"
        self._lines.print(head, "bold", f", {self._list_open(report)}")
        if not self._list_failed(report):
            for line in advise(report, Occasion(self._lessons, current=report.lesson)):
                self._lines.print("Next: ", "bold", line)

    def _list_open(self, report: Report) -> str:
        failed = self._list_failed(report)
        if not failed:
            return "all checks pass"
        names = ", ".join(result.id for result in failed[:SHOWN_PATHS])
        return f"{count(len(failed))} to mend: {names}{' …' if len(failed) > SHOWN_PATHS else ''}"

    @staticmethod
    def _list_failed(report: Report) -> list[CheckResult]:
        return [result for result in report.results if result.outcome in NOT_PASSED]


def count(number: int) -> str:
    """Write `1 check` or `5 checks`."""
    return "1 check" if number == 1 else f"{number} checks"
