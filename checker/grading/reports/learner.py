"""Write the page that one person gets."""

from checker.course.manifest import Lesson
from checker.grading.marks import Mark
from checker.grading.reports.platforms import describe
from checker.judge.results import Outcome, Report
from checker.report import html
from checker.report.html import STYLE, show

NOTE = "What stands under Got and Log was written by the submission, and may say anything."


def format_learner(
    mark: Mark, report: Report | None, lesson: int, lessons: tuple[Lesson, ...]
) -> bytes:
    """Return the page; it needs nothing else, and nothing that the app sent becomes markup."""
    title = f"{show(mark.name)}: lesson {lesson}"
    parts = [f"<p>{show(describe(mark))}</p>"]
    if mark.final is not None and mark.penalty:
        parts.append(f"<p><strong>{mark.final:g} of {mark.max_score} points count.</strong></p>")
    if report:
        parts += [html.format_bar(report), html.format_counts(report), f"<p>{NOTE}</p>"]
        parts += [html.format_findings(report), format_hints(report, lessons)]
        parts.append(html.format_lessons(report))
    return make_page(title, "\n".join(parts))


def make_page(title: str, body: str) -> bytes:
    """Return a whole page.

    Args:
        title: As markup.
        body: As markup.
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<header><h1>{title}</h1></header>
<main>
{body}
</main>
</body>
</html>
""".encode()


def format_hints(report: Report, lessons: tuple[Lesson, ...]) -> str:
    """Return the first hint for every task that has a failure, folded."""
    failed = {result.task for result in report.select(Outcome.FAILED)}
    tasks = [task for lesson in lessons for task in lesson.tasks if task.id in failed]
    hints = "\n".join(
        f"<details><summary>{show(task.id)} {show(task.title)}</summary>"
        f"<p>{show(task.hints[0].strip())}</p></details>"
        for task in tasks
    )
    return f"<section>\n<h2>Hints</h2>\n{hints}\n</section>" if hints else ""
