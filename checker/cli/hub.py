"""The command that runs a Hub on this machine, for lesson 7: hub."""

import threading
from typing import Annotated

import typer

from checker.cli.panels import LEARNERS
from checker.console import make_console
from checker.errors import ExitCode
from checker.interrupts import sigterm_as_interrupt
from checker.paths import CoursePaths

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where it listens.")]
Unpaid = Annotated[bool, typer.Option("--unpaid", help="Refuse Docker Spaces: see your 402.")]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=LEARNERS)(hub)


def hub(port: Port = 8765, *, unpaid: Unpaid = False) -> int:
    """Run a Hub on this machine, to rehearse deployments, until you press Ctrl-C.

    Its pages show your Spaces, their stages, logs and files. It lends a database and a model, and
    prints what belongs into deployment/.env. At the end everything is gone.

    Example: ./course hub
    """
    from checker.probes.hub.lent import lend_hub
    from checker.probes.serving import refuse_taken_port

    refuse_taken_port(port, "./course hub")
    console = make_console()
    with (
        sigterm_as_interrupt(),
        lend_hub(CoursePaths.find(), port, is_paid=not unpaid) as lent,
    ):
        console.print(f"The Hub: {lent.hub.url}  (open it in your browser; Ctrl-C ends it)")
        if lent.reason:
            console.print(f"Spaces take files here, and are not built: {lent.reason}", markup=False)
        console.print("Write these lines into deployment/.env, in place of those of the same name:")
        for name, value in lent.variables.items():
            console.print(f"{name}={value}", markup=False, highlight=False, soft_wrap=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            console.print("The Hub and its Spaces have ended.")
    return ExitCode.PASSED
