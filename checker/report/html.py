"""Write a report as one HTML page that needs nothing else: no network, no script."""

from html import escape
from pathlib import Path

from checker.judge.results import CheckResult, Outcome, Report

STYLE = Path(__file__).with_name("report.css")
MARKS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.SKIPPED: "·",
    Outcome.ERROR: "!",
}
FIELDS = (
    ("Expected", "expected"),
    ("Got", "got"),
    ("Next step", "next_step"),
    ("Try it", "curl"),
    ("Log", "log"),
)
PREFORMATTED = {"curl", "log"}


def format_html(report: Report) -> bytes:
    """Return the page; every text of the app is escaped."""
    lessons = sorted({result.lesson for result in report.results})
    sections = "\n".join(format_lesson(report, lesson) for lesson in lessons)
    title = f"Lesson {report.lesson}: {report.score} of {report.max_score} points"
    page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="facts">{escape(report.app)}, {escape(report.started_at)}, {report.seconds:.1f} s,
seed {report.seed}</p>
<p class="counts">{format_counts(report)}</p>
{sections}
</main>
</body>
</html>
"""
    return page.encode()


def format_counts(report: Report) -> str:
    """Return how many checks ended in which way."""
    return " ".join(
        f'<span class="{outcome}">{MARKS[outcome]} {len(found)} {outcome}</span>'
        for outcome in Outcome
        if (found := report.select(outcome))
    )


def format_lesson(report: Report, lesson: int) -> str:
    """Return the section of one lesson."""
    rows = "\n".join(format_result(r) for r in report.results if r.lesson == lesson)
    return f"<section>\n<h2>Lesson {lesson}</h2>\n{rows}\n</section>"


def format_result(result: CheckResult) -> str:
    """Return one check: a line, or a line that unfolds when there is something to say."""
    line = (
        f'<span class="mark" aria-hidden="true">{MARKS[result.outcome]}</span> '
        f'<span class="task">{result.task}</span> {escape(result.title)} '
        f'<span class="outcome">{result.outcome}</span>'
    )
    if result.finding is None:
        return f'<p class="check {result.outcome}">{line}</p>'
    is_open = " open" if result.outcome in {Outcome.FAILED, Outcome.ERROR} else ""
    return (
        f'<details class="check {result.outcome}" id="{result.id}"{is_open}>'
        f"<summary>{line}</summary>\n{format_finding(result)}\n</details>"
    )


def format_finding(result: CheckResult) -> str:
    """Return what a check found, as a list of terms."""
    rows = []
    for label, name in FIELDS:
        if value := str(getattr(result.finding, name)):
            tag = "pre" if name in PREFORMATTED else "p"
            rows.append(f"<dt>{label}</dt><dd><{tag}>{escape(value)}</{tag}></dd>")
    return f"<dl>{''.join(rows)}</dl>"
