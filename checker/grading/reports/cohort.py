"""Write the page about everybody: how many reached how much, and what was hardest."""

from collections import Counter
from collections.abc import Mapping, Sequence

from checker.grading.marks import Mark, Standing
from checker.grading.reports.learner import make_page
from checker.judge.results import Outcome, Report
from checker.report.html import draw_bar, show

PARTS = 10
MOST_CHECKS = 20


def format_cohort(
    marks: Sequence[Mark], reports: Mapping[str, Report], links: Mapping[str, str], lesson: int
) -> bytes:
    """Return the page.

    Args:
        marks: Everybody's.
        reports: By name.
        links: Where each one's own page is.
        lesson: Up to which lesson was graded.
    """
    parts = [
        f"<p>{format_counts(marks)}</p>",
        format_distribution(marks),
        format_hardest(list(reports.values())),
        format_people(marks, links),
    ]
    return make_page(f"Lesson {lesson}: {len(marks)} people", "\n".join(parts))


def format_counts(marks: Sequence[Mark]) -> str:
    """Return how many stand where."""
    counts = Counter(mark.standing for mark in marks)
    return ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing)


def format_distribution(marks: Sequence[Mark]) -> str:
    """Return how many reached which part of the points, as a table with bars."""
    shares = [mark.final / mark.max_score for mark in marks if mark.final and mark.max_score]
    zeros = sum(mark.final == 0 for mark in marks)
    counts = Counter(min(int(share * PARTS), PARTS - 1) for share in shares)
    counts[0] += zeros
    most = max(counts.values(), default=1) or 1
    rows = "\n".join(
        f"<tr><th>{part * 100 // PARTS} to {(part + 1) * 100 // PARTS} %</th>"
        f"<td>{counts[part]}</td><td>{draw_bar(counts[part] / most)}</td></tr>"
        for part in range(PARTS)
    )
    return f"<section>\n<h2>Points</h2>\n<table>\n{rows}\n</table>\n</section>"


def format_hardest(reports: Sequence[Report]) -> str:
    """Return the checks that most people failed, those apart that nobody got to."""
    failed: Counter[tuple[str, str]] = Counter()
    waited: Counter[tuple[str, str]] = Counter()
    for result in (result for report in reports for result in report.results):
        name = (result.task, result.title)
        failed[name] += result.outcome is Outcome.FAILED
        waited[name] += result.outcome is Outcome.SKIPPED
    hardest = sorted(failed, key=lambda name: (-failed[name], -waited[name], name))[:MOST_CHECKS]
    rows = "\n".join(
        f"<tr><th>{show(task)}</th><td>{show(title)}</td>"
        f"<td>{failed[task, title]} failed</td><td>{waited[task, title]} waited</td></tr>"
        for task, title in hardest
        if failed[task, title]
    )
    return f"<section>\n<h2>Hardest checks</h2>\n<table>\n{rows}\n</table>\n</section>"


def format_people(marks: Sequence[Mark], links: Mapping[str, str]) -> str:
    """Return everybody in a line, with a link to their page."""
    rows = "\n".join(
        f'<tr><th><a href="{show(links[mark.name])}">{show(mark.name)}</a></th>'
        f"<td>{show(mark.person.name)}</td><td>{mark.standing.value}</td>"
        f"<td>{format_points(mark)}</td><td>{show(mark.reason)}</td></tr>"
        for mark in marks
    )
    return f"<section>\n<h2>Everybody</h2>\n<table>\n{rows}\n</table>\n</section>"


def format_points(mark: Mark) -> str:
    """Return the points that count."""
    return "no mark" if mark.final is None else f"{mark.final:g} of {mark.max_score}"
