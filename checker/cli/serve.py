"""The command that shows the lessons beside the learner's app: serve."""

from typing import Annotated

import typer

from checker.cli.panels import LEARNERS
from checker.errors import ExitCode
from checker.paths import CoursePaths

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where it listens.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Open no browser.")]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=LEARNERS)(serve)


def serve(*, port: Port = 8100, no_browser: NoBrowser = False) -> int:
    """Read the lessons in your browser, with the verdict on your app beside them as you save.

    Only this machine can see them. It goes on until you press Ctrl-C.

    Example: ./course serve
    """
    from checker.live.packages import install_server

    paths = CoursePaths.find()
    install_server(paths)
    from checker.serve.serve import serve_lessons

    serve_lessons(paths, port, opens=not no_browser)
    return ExitCode.PASSED
