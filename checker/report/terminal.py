"""Print a report for a learner: the root cause first, readable in 80 columns and without colour."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console
from rich.text import Text

from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.report.causes import Waiting, group_waiting
from checker.report.occasion import Occasion, advise
from checker.report.text import fit_encoding, make_visible, wrap

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
WIDEST = 100  # cells; longer lines are hard to read
LABEL = 10  # cells of the column with the names of what a finding holds


def print_report(
    report: Report, occasion: Occasion, console: Console, *, show_all: bool = False
) -> None:
    """Print where the app stands, the first failures in full, and one thing to do next.

    Args:
        report: The run.
        occasion: Why the checks were run, and over what.
        console: Lines are wrapped to its width when it is a terminal, else left whole.
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
        self._console = console
        self._show_all = show_all
        self._width = min(console.width, WIDEST) if console.is_terminal else None
        self._waiting = Waiting({}, {}) if show_all else group_waiting(report)
        self._helped: set[str] = set()  # what has been explained once

    def print_overview(self) -> None:
        """Print how far the app has come: lesson by lesson, task by task."""
        for number, found in groupby(self._report.results, key=lambda result: result.lesson):
            self._print_lesson(number, list(found))
        for reason, results in self._waiting.otherwise.items():
            self._print(" · ", "dim", f"{len(results)} not run: {reason}", indent="   ")

    def _print_lesson(self, number: int, results: list[CheckResult]) -> None:
        title = f"Lesson {number}: {self._occasion.lessons[number - 1].title}"
        if number < self._report.lesson and have_passed(results) and not self._show_all:
            self._print(" ✓ ", "green", f"{title}, {count(results)}", indent="   ")
            return
        if self._show_all or any(result.outcome is not Outcome.SKIPPED for result in results):
            self._print(title, "bold")
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
            self._print(f"        {len(waiting)} more {verb} for this", "dim")

    def _print_line(self, outcome: Outcome, task: str, text: str) -> None:
        mark, style = MARKS[outcome]
        self._print(f" {mark} ", style, f"{task:<4} {text}", indent=" " * 8)

    def print_findings(self) -> None:
        """Print the first failures in full, and name the others."""
        causes = [r for r in self._report.results if r.outcome in {Outcome.FAILED, Outcome.ERROR}]
        shown = causes if self._show_all else causes[:SHOWN_IN_FULL]
        for result in shown:
            self._print("")
            self._print_finding(result)
        if hidden := causes[len(shown) :]:
            names = ", ".join(result.id for result in hidden)
            self._print("")
            self._print(f"{len(hidden)} more did not pass: ", "bold", names, indent="  ")
            self._print("  To see every failure in full, add --all.", "dim")

    def _print_finding(self, result: CheckResult) -> None:
        head = f"{result.id} {ENDINGS[result.outcome]}: "
        self._print(head, MARKS[result.outcome][1], name_check(result), indent="  ")
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
            self._print(head, "dim", "in another terminal, while ./course run is on:")
            head = " " * len(head)
        for line in make_visible(text).split("\n"):
            margin = " " * (len(head) + len(line) - len(line.lstrip()))
            self._print(head, "dim", line, indent=margin, is_whole=label == "try")
            head = " " * len(head)

    def print_end(self) -> None:
        """Print counts, points and time, and the next step."""
        self._print("")
        counts = Text(", ").join(
            Text(f"{len(found)} {ENDINGS[outcome]}", style=MARKS[outcome][1])
            for outcome in Outcome
            if (found := self._report.select(outcome))
        )
        points = f"{self._report.score} of {self._report.max_score} points"
        self._console.print(counts.append(f": {points}, {self._report.seconds:.1f} s"))
        for number, line in enumerate(advise(self._report, self._occasion)):
            head = " " * 6 if number else "Next: "
            self._print(head, "bold", line, indent=" " * 6, is_whole=line.startswith("./course"))

    def _print(
        self,
        head: str,
        style: str = "",
        text: str = "",
        *,
        indent: str = "",
        is_whole: bool = False,
    ) -> None:
        """Print a line whose head has a style of its own, wrapped unless it must stay whole."""
        width = None if is_whole else self._width
        head, text = (fit_encoding(part, self._console.encoding) for part in (head, text))
        for number, line in enumerate(wrap(text, width, head=head, indent=indent)):
            shown = Text(line)
            if number == 0:
                shown.stylize(style, 0, len(head))
            self._console.print(shown, soft_wrap=True)


def have_passed(results: Iterable[CheckResult]) -> bool:
    """Tell whether all of them passed."""
    return all(result.outcome is Outcome.PASSED for result in results)


def count(results: list[CheckResult]) -> str:
    """Write `1 check` or `5 checks`."""
    return "1 check" if len(results) == 1 else f"{len(results)} checks"


def name_check(result: CheckResult) -> str:
    """Return what a check looks at; its docstring ends with a full stop, a line of a list not."""
    return make_visible(result.title.removesuffix("."))


def list_rows(finding: Finding | None) -> Iterator[tuple[str, str]]:
    """Yield what a finding holds, each with its label, what is empty left out."""
    if finding is None:
        return
    rows = {
        "expected": finding.expected,
        "got": finding.got,
        "next": finding.next_step,
        "log": finding.log,
        "try": finding.curl,
    }
    yield from ((label, text) for label, text in rows.items() if text)
