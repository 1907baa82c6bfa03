"""The command that looks at the machine: doctor."""

from typing import Annotated

import typer

from checker.cli.panels import LEARNERS
from checker.console import make_console
from checker.errors import ExitCode
from checker.paths import CoursePaths

FIRST_LESSONS = {1, 2, 3}


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=LEARNERS)(doctor)


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False
) -> int:
    """Look at this machine: what each lesson needs, what is missing, and how to mend it.

    The exit code is 0 when lessons 1 to 3 can be done, and 2 when they cannot.

    Example: ./course doctor
    """
    import msgspec

    from checker.doctor.examine import examine
    from checker.doctor.finding import list_ready_lessons
    from checker.doctor.table import write_table

    with make_console(stderr=True).status("Looking at this machine ..."):
        findings = examine(CoursePaths.find())
    ready = list_ready_lessons(findings)
    if as_json:
        report = msgspec.json.encode({"ready_lessons": ready, "findings": findings})
        typer.echo(msgspec.json.format(report, indent=2).decode())
    else:
        make_console().print(write_table(findings))
    return ExitCode.PASSED if set(ready) >= FIRST_LESSONS else ExitCode.COULD_NOT_RUN
