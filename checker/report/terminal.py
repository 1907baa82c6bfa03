"""Print a report for a learner: the root cause first, readable in 80 columns and without colour."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console

from checker.errors import ExitCode
from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.report.causes import Waiting, group_waiting
from checker.report.lines import LinePrinter
from checker.report.occasion import Occasion, advise
from checker.report.text import make_visible

MARKS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "bold red"),
    Outcome.SKIPPED: ("·", "dim"),
    Outcome.ERROR: ("!", "bold yellow"),
}
ENDINGS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.SKIPPED: "skipped",
    Outcome.ERROR: "could not be checked",
}
SHOWN_IN_FULL = 3
POINTER = re.compile(r" *[~^]+ *")  # Python's marks under the part of a line that it means
LABEL = 10  # cells of the column with the names of what a finding holds


def print_report(
    report: Report, occasion: Occasion, console: Console, *, show_all: bool = False
) -> None:
    """Print where the app stands, the first failures in full, and one thing to do next.

    Args:
        report: The run.
        occasion: Why the checks were run, and over what.
        console: Where to; see `LinePrinter`.
        show_all: Show every check in a line and every failure in full.
    """
    printer = ReportPrinter(report, occasion, console, show_all=show_all)
    printer.print_overview()
    printer.print_findings()
    printer.print_end()


class ReportPrinter:
    """Prints the parts of one report.

    Args:
        report, occasion, console, show_all: See `print_report`.
    """

    def __init__(
        self, report: Report, occasion: Occasion, console: Console, *, show_all: bool
    ) -> None:
        self._report = report
        self._occasion = occasion
        self._lines = LinePrinter(console)
        self._show_all = show_all
        self._waiting = Waiting({}, {}) if show_all else group_waiting(report)
        self._helped: set[str] = set()  # what has been explained once

    def print_overview(self) -> None:
        """Print how far the app has come: lesson by lesson, task by task."""
        for number, found in groupby(self._report.results, key=lambda result: result.lesson):
            self._print_lesson(number, list(found))
        for reason, results in self._waiting.otherwise.items():
            self._lines.print(" · ", "dim", f"{len(results)} not run: {reason}", indent="   ")

    def _print_lesson(self, number: int, results: list[CheckResult]) -> None:
        title = f"Lesson {number}: {self._occasion.lessons[number - 1].title}"
        if number < self._report.lesson and have_passed(results) and not self._show_all:
            self._lines.print(" ✓ ", "green", f"{title}, {count(results)}", indent="   ")
            return
        if self._show_all or any(result.outcome is not Outcome.SKIPPED for result in results):
            self._lines.print(title, "bold")
        for task, found in groupby(results, key=lambda result: result.task):
            self._print_task(task, list(found))

    def _print_task(self, task: str, results: list[CheckResult]) -> None:
        title = self._occasion.find_title(task)
        if have_passed(results) and title and not self._show_all:
            self._print_line(Outcome.PASSED, task, f"{title}, {count(results)}")
            return
        for result in results:
            if self._show_all or result.outcome is not Outcome.SKIPPED:
                self._print_check(result)

    def _print_check(self, result: CheckResult) -> None:
        text = name_check(result)
        if result.outcome is Outcome.SKIPPED and result.finding:
            text += f" ({result.finding.got})"
        self._print_line(result.outcome, result.task, text)
        if waiting := self._waiting.for_check.get(result.id):
            verb = "waits" if len(waiting) == 1 else "wait"
            self._lines.print(f"        {len(waiting)} more {verb} for this", "dim")

    def _print_line(self, outcome: Outcome, task: str, text: str) -> None:
        mark, style = MARKS[outcome]
        self._lines.print(f" {mark} ", style, f"{task:<4} {text}", indent=" " * 8)

    def print_findings(self) -> None:
        """Print the first failures in full, and name the others."""
        causes = [r for r in self._report.results if r.outcome in {Outcome.FAILED, Outcome.ERROR}]
        shown = causes if self._show_all else causes[:SHOWN_IN_FULL]
        for result in shown:
            self._lines.print()
            self._print_finding(result)
        if hidden := causes[len(shown) :]:
            names = ", ".join(result.id for result in hidden)
            self._lines.print()
            self._lines.print(f"{len(hidden)} more did not pass: ", "bold", names, indent="  ")
            self._lines.print("  To see every failure in full, add --all.", "dim")

    def _print_finding(self, result: CheckResult) -> None:
        head = f"{result.id} {ENDINGS[result.outcome]}: "
        self._lines.print(head, MARKS[result.outcome][1], name_check(result), indent="  ")
        is_ours = result.outcome is Outcome.ERROR
        for label, text in list_rows(result.finding):
            self._print_row("why" if is_ours and label == "got" else label, text)
        if is_ours:
            self._print_row("note", "This says nothing about your app.")
        elif result.points and result.task not in self._helped:
            self._helped.add(result.task)
            self._print_row("help", self._describe_help(result))

    def _describe_help(self, result: CheckResult) -> str:
        slug = self._occasion.lessons[result.lesson - 1].slug
        return f"./course hint {result.task}, or read {result.task} in lessons/{slug}/README.md"

    def _print_row(self, label: str, text: str) -> None:
        head = f"  {label:<{LABEL}}"
        if label == "try" and label not in self._helped:
            self._helped.add(label)
            self._lines.print(head, "dim", "in another terminal, while ./course run is on:")
            head = " " * len(head)
        for line in self._list_lines(text, len(head)):
            margin = " " * (len(head) + len(line) - len(line.lstrip()))
            if label == "try":
                self._lines.print_command(head, "dim", line)
            else:
                self._lines.print(head, "dim", line, indent=margin)
            head = " " * len(head)

    def _list_lines(self, text: str, head: int) -> Iterator[str]:
        """Yield the lines, less those of carets below one too long to be shown in one piece."""
        before = ""
        for line in make_visible(text).split("\n"):
            if not POINTER.fullmatch(line) or self._lines.has_room_for(before, head):
                yield line
            before = line

    def print_end(self) -> None:
        """Print counts, points and time, and the next step."""
        report = self._report
        found = {ENDINGS[outcome]: len(report.select(outcome)) for outcome in Outcome}
        counts = ", ".join(f"{number} {ending}" for ending, number in found.items() if number)
        points = f"{report.score} of {report.max_score} points, " if report.max_score else ""
        style = "bold green" if report.exit_code is ExitCode.PASSED else "bold"
        self._lines.print()
        self._lines.print(counts, style, f": {points}{report.seconds:.1f} s")
        for number, line in enumerate(advise(report, self._occasion)):
            head = " " * 6 if number else "Next: "
            if line.startswith("./course"):
                self._lines.print_command(head, "bold", line)
            else:
                self._lines.print(head, "bold", line, indent=" " * 6)


def have_passed(results: Iterable[CheckResult]) -> bool:
    """Tell whether all of them passed."""
    return all(result.outcome is Outcome.PASSED for result in results)


def count(results: list[CheckResult]) -> str:
    """Write `1 check` or `5 checks`."""
    return "1 check" if len(results) == 1 else f"{len(results)} checks"


def name_check(result: CheckResult) -> str:
    """Return what a check looks at; its docstring ends with a full stop, a line of a list not."""
    return result.title.removesuffix(".")


def list_rows(finding: Finding | None) -> Iterator[tuple[str, str]]:
    """Yield what a finding holds, each with its label, what is empty left out."""
    if finding is None:
        return
    rows = {
        "expected": finding.expected,
        "got": finding.got,
        "next": finding.next_step,
        "log": finding.log,
        "picture": finding.picture,
        "trace": finding.trace,
        "with": finding.setup if finding.curl else "",
        "try": finding.curl,
    }
    yield from ((label, text) for label, text in rows.items() if text)
