"""The command that makes what platforms start: autograder."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from checker.cli.grade import LAST_IN_A_CONTAINER, LessonName, choose_lesson
from checker.cli.panels import GRADERS
from checker.console import make_console
from checker.errors import ExitCode, UsageError
from checker.paths import CoursePaths

Platform = Annotated[Literal["gradescope", "github"], typer.Argument(help="For which platform.")]
Out = Annotated[Path, typer.Option(help="The file to write.")]
Course = Annotated[str, typer.Option(help="GitHub: where this course is, as owner/name.")]
Ref = Annotated[str, typer.Option(help="GitHub: which commit, tag or branch of it.")]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=GRADERS)(autograder)


def autograder(
    platform: Platform, *, lesson: LessonName, out: Out, course: Course = "", ref: Ref = "main"
) -> int:
    """Write the autograder that Gradescope builds, or a workflow that grades on GitHub.

    Example: ./course autograder gradescope --lesson 3 --out autograder.zip
    """
    from checker.grading.output import explained_writing
    from checker.grading.platforms.make import make_gradescope, make_workflow

    number = choose_lesson(lesson)
    if platform == "github":
        content = make_workflow(number, course, ref)
    elif number > LAST_IN_A_CONTAINER:
        raise UsageError(
            f"Gradescope's containers can grade lessons 1 to {LAST_IN_A_CONTAINER}",
            "Grade on a machine of yours, and upload the marks.",
        )
    else:
        content = make_gradescope(CoursePaths.find(), number)
    with explained_writing(out):
        out.write_bytes(content)
    make_console().print(f"Wrote {out}. docs/grade/platforms.md says where it goes.")
    return ExitCode.PASSED
