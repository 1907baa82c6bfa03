"""The command that lets this machine grade for another one."""

from typing import Annotated

import typer

from checker.cli.grade import CORES, Allow, choose_lesson, warn_of
from checker.cli.panels import GRADERS
from checker.console import make_console
from checker.errors import ExitCode
from checker.paths import CoursePaths

Address = Annotated[str, typer.Argument(help="Of Dask's scheduler, like tls://grader:8786.")]
Lesson = Annotated[str, typer.Option("--lesson", metavar="N|all", help="Up to which lesson.")]
Jobs = Annotated[
    int, typer.Option(min=1, show_default="one a core", help="How many submissions at a time.")
]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=GRADERS)(worker)


def worker(
    address: Address, *, lesson: Lesson = "all", jobs: Jobs = CORES, allow: Allow = None
) -> int:
    """Grade submissions that `grade --cluster` sends, each in a jail, until the scheduler ends.

    Example: ./course worker tls://grader:8786 --lesson 3
    """
    from checker.grading.allowed import read_allowed
    from checker.grading.cluster.worker import Offer, work
    from checker.probes.jail.bubblewrap import find_bubblewrap

    find_bubblewrap()
    warn_of(address)
    allowed = read_allowed(allow) if allow else ""
    offer = Offer(CoursePaths.find(), address, choose_lesson(lesson), jobs, allowed)
    make_console(stderr=True).print(f"Grading for {address}; Ctrl-C ends it.")
    work(offer)
    return ExitCode.PASSED
