"""The command of the graders that shows which submissions are alike."""

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.grade import LessonName, Submissions, choose_lesson
from checker.cli.panels import GRADERS
from checker.console import make_console
from checker.errors import ExitCode
from checker.paths import CoursePaths

Out = Annotated[Path, typer.Option(help="Keep the reports here.")]
Given = Annotated[
    list[Path] | None, typer.Option(help="A folder with more code that everybody was given.")
]
Least = Annotated[int, typer.Option(min=1, max=100, help="Per cent from which a pair is told.")]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=GRADERS)(compare)


def compare(
    submissions: Submissions,
    *,
    lesson: LessonName,
    out: Out,
    given: Given = None,
    least: Least = 30,
) -> int:
    """Show which submissions are alike, starter code left out: a reason to look, not a verdict.

    Example: ./course compare submissions --lesson 3 --out likeness
    """
    from checker.grading.likeness.compare import LikenessOrder, compare_submissions
    from checker.grading.likeness.report import NOTE, write_likeness
    from checker.grading.output import explained_writing

    order = LikenessOrder(
        paths=CoursePaths.find(),
        submissions=submissions,
        lesson=choose_lesson(lesson),
        out=out,
        given=tuple(given or ()),
        least=least / 100,
    )
    with make_console(stderr=True).status("Comparing the submissions ..."):
        likeness = compare_submissions(order)
    with explained_writing(out):
        page = write_likeness(likeness, out)
    console = make_console()
    console.print(f"{likeness.found.number} pairs are alike in {least} % or more of one of them.")
    console.print(NOTE)
    console.print(f"Report: {page}")
    return ExitCode.PASSED
