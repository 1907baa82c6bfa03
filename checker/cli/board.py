"""The commands of a room: board for the instructor, join and hand for learners."""

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.panels import GRADERS, LEARNERS
from checker.console import say
from checker.errors import ExitCode, UsageError
from checker.paths import CoursePaths

Code = Annotated[str | None, typer.Argument(help="The code of the room.")]
Address = Annotated[str | None, typer.Argument(help="Such as 192.168.1.5:8765.")]
Name = Annotated[str | None, typer.Option(help="What you are called on the board.")]
Leave = Annotated[bool, typer.Option("--leave", help="Leave the board; it forgets you.")]
Down = Annotated[bool, typer.Option("--down", help="Put your hand down again.")]
Data = Annotated[Path, typer.Option(help="The SQLite file that keeps what the board knows.")]
Host = Annotated[str, typer.Option(help="The address at which it listens.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Where it listens.")]
WHAT_IS_SENT = (
    "After each check of your workspace the board is told your lesson, each check's id and how "
    "it ended. Your code is never sent. ./course join --leave ends it."
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (join, hand):
        app.command(rich_help_panel=LEARNERS)(command)
    app.command(rich_help_panel=GRADERS)(board)


def board(
    data: Data = Path("board.sqlite3"),
    host: Host = "0.0.0.0",  # noqa: S104 - for the room
    port: Port = 8765,
) -> int:
    """Show a room who is where and who is stuck, live, to those who join.

    Example: ./course board
    """
    from checker.live.packages import install_server

    paths = CoursePaths.find()
    install_server(paths)
    from checker.board.serve import serve_board

    serve_board(paths, data, host, port)
    return ExitCode.PASSED


def join(
    code: Code = None, address: Address = None, name: Name = None, leave_it: Leave = False
) -> int:
    """Join the board of your room: your instructor sees how far you are, never your code.

    Example: ./course join K7MPQ2 192.168.1.5:8765 --name Ada
    """
    from checker.board.member import join, leave

    paths = CoursePaths.find()
    if leave_it:
        leave(paths)
        say("You have left the board. It has forgotten you.")
        return ExitCode.PASSED
    if not (code and address):
        raise UsageError(
            "the code or the address of the board is missing",
            "For example: ./course join K7MPQ2 192.168.1.5:8765 --name Ada",
        )
    say(WHAT_IS_SENT)
    member = join(paths, code, address, name or typer.prompt("Your name, or any other you like"))
    say(f"You are on the board as {member.name}.")
    return ExitCode.PASSED


def hand(down: Down = False) -> int:
    """Put your hand up on the board of your room.

    Example: ./course hand
    """
    from checker.board.member import raise_hand

    raise_hand(CoursePaths.find(), is_up=not down)
    say("Your hand is down." if down else "Your hand is up. To put it down: ./course hand --down")
    return ExitCode.PASSED
