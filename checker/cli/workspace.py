"""Commands around the learner's workspace: start, status, diff, solve, reset, catch-up."""

from typing import Annotated

import typer

from checker.cli.panels import LEARNERS
from checker.console import make_console, say
from checker.errors import ExitCode
from checker.paths import CoursePaths

Number = Annotated[int, typer.Argument(metavar="N", help="The lesson's number.")]
MaybeNumber = Annotated[int | None, typer.Argument(metavar="N", help="The lesson's number.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (start, status, diff, solve, reset):
        app.command(rich_help_panel=LEARNERS)(command)
    app.command("catch-up", rich_help_panel=LEARNERS)(catch_up)


def start(lesson: MaybeNumber = None) -> int:
    """Bring a lesson into your workspace, and run its checks.

    The first start makes the workspace, a git repository of your own. Each further one merges
    what the lesson adds into your files. Without a number it begins lesson 1, or shows where you
    are. Whatever you have not committed is committed first.

    Example: ./course start 2
    """
    from checker.cli.check import show_first_check
    from checker.workspace.describe import describe_start
    from checker.workspace.start import start

    paths = CoursePaths.find()
    started = start(paths, lesson)
    say(describe_start(paths, started))
    show_first_check(paths, started.lesson)
    return ExitCode.PASSED


def status() -> int:
    """Show where you are: lesson, changes, snapshots, and what to do next.

    Example: ./course status
    """
    from checker.workspace.describe import describe_status
    from checker.workspace.status import read_status

    say(describe_status(read_status(CoursePaths.find())))
    return ExitCode.PASSED


def diff(lesson: MaybeNumber = None) -> int:
    """Compare your files with the finished ones of a lesson, the one you are in by default.

    A line with + is what the finished file has; a line with - is what yours has instead.
    Nothing is changed.

    Example: ./course diff 1
    """
    from checker.workspace.compare import compare
    from checker.workspace.describe import paint_diff

    console = make_console()
    difference = compare(CoursePaths.find(), lesson)
    if difference:
        console.print(paint_diff(difference), end="")
    else:
        console.print("Your files are the finished ones already.")
    return ExitCode.PASSED


def solve(lesson: Number) -> int:
    """Write the finished files of a lesson over yours, as a new commit.

    Lessons up to this one are solved; the tasks of later lessons you have begun are open again.
    Your files are committed first, and files that the course does not have stay as they are.

    Example: ./course solve 1
    """
    from checker.workspace.describe import describe_rewrite
    from checker.workspace.rewrite import solve

    paths = CoursePaths.find()
    done = solve(paths, lesson)
    say(describe_rewrite(paths, lesson, f"Lesson {lesson} is solved in your workspace.", done))
    return ExitCode.PASSED


def reset(lesson: Number) -> int:
    """Take the files of the course back to where you began a lesson, as a new commit.

    Your own answers to earlier lessons stay; where that cannot be, the command names the file. The
    tasks of this lesson and of later ones you have begun are open again. Your files are committed
    first, and files that the course does not have stay as they are.

    Example: ./course reset 2
    """
    from checker.workspace.describe import describe_rewrite
    from checker.workspace.rewrite import reset

    paths = CoursePaths.find()
    done = reset(paths, lesson)
    say(describe_rewrite(paths, lesson, f"Lesson {lesson} begins again in your workspace.", done))
    return ExitCode.PASSED


def catch_up(lesson: Number) -> int:
    """Make your workspace ready to begin a lesson, with every earlier one solved, as a new commit.

    The answers to the earlier lessons are the course's. Your files are committed first, and files
    that the course does not have stay as they are. Where there is no workspace yet, it is made.

    Example: ./course catch-up 3
    """
    from checker.workspace.describe import describe_rewrite, describe_start
    from checker.workspace.repository import exists
    from checker.workspace.rewrite import catch_up
    from checker.workspace.start import start

    paths = CoursePaths.find()
    if not exists(paths.workspace):
        say(describe_start(paths, start(paths, lesson)))
        return ExitCode.PASSED
    done = catch_up(paths, lesson)
    say(describe_rewrite(paths, lesson, f"Your workspace is ready to begin lesson {lesson}.", done))
    return ExitCode.PASSED
