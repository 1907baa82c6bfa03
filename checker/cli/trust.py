"""The command that measures how often the judge is wrong."""

from math import inf
from typing import Annotated

import typer

from checker.cli.panels import AUTHORS
from checker.console import make_console
from checker.errors import ExitCode
from checker.paths import CoursePaths

Lessons = Annotated[list[int] | None, typer.Argument(metavar="N…", help="Lessons; all if none.")]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=AUTHORS)(trust)


def trust(  # noqa: PLR0913 - one argument for each option of the command
    *,
    lessons: Lessons = None,
    right: Annotated[bool, typer.Option("--right", help="Judge right apps.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="Judge wrong apps.")] = False,
    mutants: Annotated[bool, typer.Option("--mutants", help="Judge mutants.")] = False,
    flakes: Annotated[bool, typer.Option("--flakes", help="Repeat, on busy cores.")] = False,
    disk: Annotated[bool, typer.Option("--disk", help="Repeat, on busy disks.")] = False,
    sample: Annotated[int, typer.Option(min=1, help="One wrong app or mutant in N.")] = 1,
    times: Annotated[int, typer.Option(min=2, help="How often --flakes repeats.")] = 200,
    jobs: Annotated[int, typer.Option(min=1, help="Apps judged at once.")] = 1,
    minutes: Annotated[float, typer.Option(min=0, help="Begin nothing after so long.")] = inf,
    older: Annotated[
        bool, typer.Option("--older", help="Let verdicts of earlier checks count.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Only write docs/trust anew.")] = False,
) -> int:
    """Measure how often verdicts are wrong, and write docs/trust; it goes on where it stopped.

    Without a choice it judges everything, which takes a night.

    Example: ./course trust 1 2 --mutants --sample 10
    """
    from checker.trust.measure import KINDS, Order
    from checker.trust.publish import judge_and_tell, publish

    paths = CoursePaths.find()
    wanted = (right, wrong, mutants, flakes, disk)
    chosen = tuple(kind for kind, is_on in zip(KINDS, wanted, strict=True) if is_on)
    order = Order(
        paths=paths,
        lessons=tuple(lessons or range(1, 8)),
        kinds=() if write else chosen or KINDS,
        sample=sample,
        times=times,
        jobs=jobs,
        minutes=minutes,
        takes_older=older,
    )
    console = make_console()
    lost = judge_and_tell(order, make_console(stderr=True), console)
    for file in publish(paths):
        console.print(f"wrote {file.relative_to(paths.root)}")
    return ExitCode.COULD_NOT_RUN if lost else ExitCode.PASSED
