"""The command that gets the base images of lesson 6: images."""

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.panels import LEARNERS
from checker.console import make_console
from checker.errors import ExitCode
from checker.paths import CoursePaths

Folder = Annotated[Path | None, typer.Option("--dir", help="The app whose files name them.")]
Archive = Annotated[
    Path | None, typer.Option("--from", metavar="FILE", help="Load what docker save wrote.")
]
Trust = Annotated[
    bool, typer.Option("--trust", help="Let pulled images trust whom this machine trusts.")
]
Clear = Annotated[bool, typer.Option("--clear", help="Remove what checks have built and kept.")]
ListOnly = Annotated[bool, typer.Option("--list", help="Say what is here, get nothing.")]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=LEARNERS)(images)


def images(
    *,
    folder: Folder = None,
    archive: Archive = None,
    trust: Trust = False,
    list_only: ListOnly = False,
    clear: Clear = False,
) -> int:
    """Get the images that the app's images are built on, those that are not here yet.

    Where none can be pulled, a stand-in is made out of Debian's and npm's packages, or they come
    from a file that an instructor made with `docker save`. Behind a proxy with a certificate
    authority of its own, --trust lets pip and npm work inside a build; stand-ins do anyway.

    Example: ./course images --from images.tar
    """
    from checker.containers.bases import list_tags, load, look_at, prepare
    from checker.containers.engine import find_engine
    from checker.containers.standin import add_authorities
    from checker.course.finished import find_finished_app
    from checker.probes.containers.kept import clear_kept

    if clear:
        make_console().print(clear_kept(find_engine()))
        return ExitCode.PASSED
    app = folder or find_finished_app(CoursePaths.find().root)
    engine = find_engine()
    console, progress = make_console(), make_console(stderr=True)
    if archive is not None:
        with progress.status(f"Loading {archive} ..."):
            console.print(load(engine, archive))
    tags = list_tags(app)
    if list_only:
        bases = [look_at(engine, tag) for tag in tags]
    else:
        bases = [prepare(engine, tag, progress.print) for tag in tags]
    for base in bases:
        if trust and base.origin == "engine":
            add_authorities(engine, base.tag, base.tag, "trusted")
        console.print(f"{base.origin:<8}  {base.tag}")
    is_complete = all(base.origin != "missing" for base in bases)
    return ExitCode.PASSED if is_complete else ExitCode.COULD_NOT_RUN
