"""The command that begins a project of one's own: new."""

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.panels import LEARNERS
from checker.console import say
from checker.errors import ExitCode
from checker.paths import CoursePaths
from checker.shell import join

Name = Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")]
Folder = Annotated[
    Path | None, typer.Option("--dir", help="Where; by default beside the course's folder.")
]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=LEARNERS)(new)


def new(name: Name, *, folder: Folder = None) -> int:
    """Begin a project of your own: the finished app under another name, with tests.

    It goes into a new folder beside the course's, as a git repository with one commit. Nothing in
    it needs the course.

    Example: ./course new shopping-list
    """
    from checker.seed.names import choose_name
    from checker.seed.project import make_project

    paths = CoursePaths.find()
    chosen = choose_name(name)
    made = make_project(paths, chosen, (folder or paths.root.parent / chosen.slug).absolute())
    state = "a git repository with one commit" if made.is_committed else "no git repository yet"
    say(f"{chosen.title} is in {made.folder}: {made.files} files, {state}.")
    say(f"Next: {join(['cd', str(made.folder)])}, then read README.md.")
    return ExitCode.PASSED
