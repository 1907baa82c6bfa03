"""The command that checks again whenever a file is saved: watch."""

import typer

from checker.cli.check import Folder, Lesson, Only
from checker.cli.panels import LEARNERS
from checker.console import make_console
from checker.errors import ExitCode
from checker.paths import CoursePaths


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=LEARNERS)(watch)


def watch(*, lesson: Lesson = None, folder: Folder = None, only: Only = None) -> int:
    """Check your app again whenever you save a file of it: what the change can affect, and at once.

    Checks that failed run first, the others after them. Pages are served by `next dev`, which looks
    at no types: ./course check builds them. It goes on until you press q or Ctrl-C.

    Example: ./course watch
    """
    from checker.judge.verdict import CheckOrder
    from checker.watch.session import watch

    order = CheckOrder(
        paths=CoursePaths.find(), lesson=lesson, folder=folder, only=tuple(only or ())
    )
    watch(order, make_console())
    return ExitCode.PASSED
