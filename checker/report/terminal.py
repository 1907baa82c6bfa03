"""Print a report for a learner: the root cause first, readable in 80 columns and without colour."""

from rich.console import Console
from rich.text import Text

from checker.judge.results import CheckResult, Outcome, Report

MARKS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "bold red"),
    Outcome.SKIPPED: ("·", "dim"),
    Outcome.ERROR: ("!", "yellow"),
}
PLAIN_MARKS = {"✓": "+", "✗": "x", "·": "-", "!": "!"}
SHOWN_IN_FULL = 3


def print_report(report: Report, console: Console, *, show_all: bool = False) -> None:
    """Print every check in a line, the first failures in full, and what to do next."""
    print_overview(report, console)
    causes = [*report.select(Outcome.ERROR), *report.select(Outcome.FAILED)]
    shown = causes if show_all else causes[:SHOWN_IN_FULL]
    for result in shown:
        console.print()
        print_finding(result, console)
    if hidden := len(causes) - len(shown):
        console.print(f"\n… and {hidden} more that did not pass: add --all to see them in full.")
    console.print()
    console.print(summarise(report))


def print_overview(report: Report, console: Console) -> None:
    """Print one line a check, under a heading for each lesson."""
    lesson = 0
    for result in report.results:
        if result.lesson != lesson:
            lesson = result.lesson
            console.print(Text(f"Lesson {lesson}", style="bold"))
        console.print(describe_line(result, console))


def describe_line(result: CheckResult, console: Console) -> Text:
    """Return the line of one check: mark, task, title, and what it waits for."""
    mark, style = MARKS[result.outcome]
    if console.encoding.lower().replace("-", "") != "utf8":
        mark = PLAIN_MARKS[mark]
    line = Text.assemble((f" {mark} ", style), (f"{result.task:<5}", "dim"), result.title)
    if result.outcome is Outcome.SKIPPED and result.finding:
        line.append(f" ({result.finding.got})", style="dim")
    return line


def print_finding(result: CheckResult, console: Console) -> None:
    """Print why one check did not pass."""
    finding = result.finding
    if finding is None:
        return
    title = "could not be checked" if result.outcome is Outcome.ERROR else "failed"
    _, style = MARKS[result.outcome]
    console.print(Text.assemble((f"{result.id} {title}", style), f": {result.title}"))
    print_field("expected", finding.expected, console)
    print_field("got", finding.got, console)
    print_field("next", finding.next_step, console, style="bold")
    print_field("try", finding.curl, console)
    print_field("log", finding.log, console, style="dim")
    if result.outcome is Outcome.FAILED:
        print_field("hint", f"./course hint {result.task}", console)


def print_field(name: str, value: str, console: Console, style: str = "") -> None:
    """Print a labelled value; further lines stand under the first."""
    for number, line in enumerate(value.splitlines()):
        label = f"  {name:>8}  " if number == 0 else " " * 12
        console.print(Text.assemble((label, "dim"), (line, style)))


def summarise(report: Report) -> Text:
    """Return the closing line: counts, points and time."""
    counts = [
        Text(f"{len(found)} {outcome}", style=MARKS[outcome][1])
        for outcome in Outcome
        if (found := report.select(outcome))
    ]
    line = Text(", ").join(counts)
    line.append(f": {report.score} of {report.max_score} points, {report.seconds:.1f} s")
    return line
