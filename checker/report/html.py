"""Write a report as one HTML page that needs nothing else: no network, no script."""

import base64
import sys
from html import escape
from itertools import groupby
from pathlib import Path

from checker import shell
from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.report.causes import group_waiting
from checker.report.text import make_visible

STYLE = Path(__file__).with_name("report.css")
MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.SKIPPED: "·", Outcome.ERROR: "!"}
ENDINGS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.SKIPPED: "skipped",
    Outcome.ERROR: "could not be checked",
}


def format_html(report: Report) -> bytes:
    """Return the page; nothing that the app sent can become markup."""
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
<header>
<h1>{title}</h1>
{format_bar(report)}
{format_counts(report)}
</header>
<main>
{format_findings(report)}
{format_lessons(report)}
</main>
<footer>
{format_facts(report)}
</footer>
</body>
</html>
"""
    return page.encode()


def show(text: str) -> str:
    """Return text as markup that shows just this text."""
    return escape(make_visible(text))


def format_bar(report: Report) -> str:
    """Return the share of the points as a bar; the heading says it in words."""
    return draw_bar(report.score / report.max_score if report.max_score else 0)


def draw_bar(share: float) -> str:
    """Return a bar that is filled up to a share of its length; what it says stands beside it."""
    return f'<div class="bar" aria-hidden="true"><span style="width: {share:.1%}"></span></div>'


def format_counts(report: Report) -> str:
    """Return how many checks ended in which way."""
    items = "".join(
        f'<li class="{outcome}">{format_mark(outcome)} {len(found)} {ENDINGS[outcome]}</li>'
        for outcome in Outcome
        if (found := report.select(outcome))
    )
    return f'<ul class="counts">{items}</ul>'


def format_mark(outcome: Outcome) -> str:
    """Return the sign of an outcome; words that say the same always stand beside it."""
    return f'<span class="mark" aria-hidden="true">{MARKS[outcome]}</span>'


def format_findings(report: Report) -> str:
    """Return what did not pass, in full, each with the number of checks that wait for it."""
    causes = [r for r in report.results if r.outcome in {Outcome.FAILED, Outcome.ERROR}]
    if not causes:
        return ""
    waiting = group_waiting(report).for_check
    cards = "\n".join(format_card(r, len(waiting.get(r.id, ()))) for r in causes)
    return f"<section>\n<h2>What to mend, first things first</h2>\n{cards}\n</section>"


def format_card(result: CheckResult, waiting: int) -> str:
    """Return one failure with all that is known about it."""
    verb = "waits" if waiting == 1 else "wait"
    more = f'<p class="waiting">{waiting} more {verb} for this</p>' if waiting else ""
    return (
        f'<article class="card {result.outcome}" id="{show(result.id)}">\n'
        f"<h3>{format_mark(result.outcome)} {name_check(result)}</h3>\n"
        f'<p class="name"><code>{show(result.id)}</code> of {show(result.task)}, '
        f"{ENDINGS[result.outcome]}</p>\n{format_finding(result)}{more}\n</article>"
    )


def format_finding(result: CheckResult) -> str:
    """Return what a check found, as a list of terms."""
    if result.finding is None:
        return ""
    rows = [
        f'<dt>{label}</dt><dd class="{label.lower()}"><{tag}>{show(text)}</{tag}></dd>'
        for label, text, tag in list_rows(result.finding, is_ours=result.outcome is Outcome.ERROR)
    ]
    return f"<dl>{''.join(rows)}</dl>{format_picture(result.finding.picture)}"


def format_picture(file: str) -> str:
    """Return the page as it was, inside this one; nothing when the picture is gone."""
    try:
        data = base64.b64encode(Path(file).read_bytes()).decode() if file else ""
    except OSError:
        return ""
    source = f"data:image/png;base64,{data}"
    return f'<img src="{source}" alt="The page when the check failed">' if data else ""


def show_trace(file: str) -> str:
    """Return the command that shows a trace step by step; nothing when there is none."""
    if not file:
        return ""
    return shell.join([sys.executable, "-m", "playwright", "show-trace", "--port", "0", file])


def list_rows(finding: Finding, *, is_ours: bool) -> list[tuple[str, str, str]]:
    """Return label, text and element of whatever the finding holds."""
    rows = [
        ("Expected", finding.expected, "p"),
        ("Why" if is_ours else "Got", finding.got, "p"),
        ("Next", finding.next_step, "p"),
        ("Log", finding.log, "pre"),
        ("Trace", show_trace(finding.trace), "pre"),
        ("With", finding.setup if finding.curl else "", "p"),
        ("Try", finding.curl, "pre"),
    ]
    if is_ours:
        rows.append(("Note", "This says nothing about the app.", "p"))
    return [row for row in rows if row[1]]


def format_lessons(report: Report) -> str:
    """Return every check in a line, lesson by lesson; lessons that passed are folded."""
    sections = []
    for number, found in groupby(report.results, key=lambda result: result.lesson):
        results = list(found)
        passed = sum(result.outcome is Outcome.PASSED for result in results)
        is_open = "" if passed == len(results) and number < report.lesson else " open"
        rows = "\n".join(format_line(result) for result in results)
        sections.append(
            f"<details{is_open}>\n<summary><h2>Lesson {number}</h2> "
            f"<span>{passed} of {len(results)} checks passed</span></summary>\n"
            f"<ul>\n{rows}\n</ul>\n</details>"
        )
    return "\n".join(sections)


def format_line(result: CheckResult) -> str:
    """Return one check in a line, with what it waits for."""
    title = name_check(result)
    if result.outcome in {Outcome.FAILED, Outcome.ERROR}:
        title = f'<a href="#{show(result.id)}">{title}</a>'
    if result.outcome is Outcome.SKIPPED and result.finding:
        title += f"<small>{show(result.finding.got)}</small>"
    return (
        f'<li class="{result.outcome}">{format_mark(result.outcome)}'
        f'<span class="task">{show(result.task)}</span><span class="title">{title}</span>'
        f'<span class="ending">{ENDINGS[result.outcome]}{format_points(result)}</span></li>'
    )


def name_check(result: CheckResult) -> str:
    """Return what a check looks at, as a title: without the full stop of its docstring."""
    return show(result.title.removesuffix("."))


def format_points(result: CheckResult) -> str:
    """Return what a check is worth; nothing for one that only guards."""
    if result.points == 0:
        return ""
    return f", {result.points} {'point' if result.points == 1 else 'points'}"


def format_facts(report: Report) -> str:
    """Return what was checked, when, and how to repeat it."""
    command = ["./course", "check", report.lesson, "--dir", report.app, "--seed", report.seed]
    facts = {
        "App": report.app,
        "Checked": f"{report.started_at}, in {report.seconds:.1f} s",
        "Repeat": shell.join(map(str, command)),
        "Checker": report.checker,
    }
    rows = "".join(f"<dt>{name}</dt><dd>{show(text)}</dd>" for name, text in facts.items())
    return f"<dl>{rows}</dl>"
