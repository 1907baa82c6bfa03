"""The command that opens a notebook: notebook."""

from typing import Annotated

import typer

from checker.cli.panels import LEARNERS
from checker.console import make_console, say
from checker.errors import ExitCode
from checker.interrupts import sigterm_as_interrupt
from checker.paths import CoursePaths

Key = Annotated[str | None, typer.Argument(metavar="N", help="The lesson's number, or grade.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Where it listens.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Print the address only.")]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=LEARNERS)(notebook)


def notebook(key: Key = None, *, port: Port = 8888, no_browser: NoBrowser = False) -> int:
    """Open the notebook of a lesson in your browser, until you press Ctrl-C; without N, list them.

    You get a copy of your own, in notebooks/, with the finished app of that lesson, a database and
    a model that needs no key behind it.

    Example: ./course notebook 2
    """
    from checker.notebooks.books import copy_book, find_book, list_books
    from checker.notebooks.lab import Lab
    from checker.notebooks.room import open_room
    from checker.probes.serving import refuse_taken_port

    paths = CoursePaths.find()
    if key is None:
        for book in list_books(paths):
            say(f"./course notebook {book.key:<6}  {book.title}")
        return ExitCode.PASSED
    book = find_book(paths, key)
    refuse_taken_port(port, f"./course notebook {key}")
    copy = copy_book(book, paths)
    say(f"Your copy: {copy}  (delete or rename it to begin again)")
    with sigterm_as_interrupt(), open_room(book, paths) as variables:
        lab = Lab(copy, port, paths)
        code = lab.serve(variables, make_console(), opens_browser=not no_browser)
    say("The notebook is closed; what you saved is in your copy.")
    return code
