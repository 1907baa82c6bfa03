"""Serve the board to a room."""

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil

from checker.board.board import Board
from checker.board.routes import make_app
from checker.board.store import Store
from checker.board.view import make_view
from checker.console import say
from checker.course.manifest import load_lessons
from checker.judge.plan import list_checks
from checker.live.server import Server, open_listener
from checker.live.shield import Shield
from checker.paths import CoursePaths


def serve_board(paths: CoursePaths, file: Path, host: str, port: int) -> None:
    """Serve until Ctrl-C; what came until then is in the file.

    Raises:
        CourseError: the file is none of ours, or the port is taken.
    """
    listener = open_listener(host, port)
    store = Store(file)
    try:
        addresses = list(list_addresses(host))
        board = open_board(paths, store, f"{addresses[0]}:{port}")
        say(describe(board, addresses, port, file))
        make_server(board, host).serve_until_stopped(listener)
    finally:
        store.close()
        listener.close()


def open_board(paths: CoursePaths, store: Store, place: str) -> Board:
    """Return the board of what is kept; learners join it at a place such as `192.168.1.5:8765`."""
    return Board(store, make_view(store, load_lessons(paths), list_checks()), place)


def make_server(board: Board, host: str) -> Server:
    """Return what serves a board; it may be called by the name that it listens at, too."""

    def is_host(name: str) -> bool:
        return name == host.lower() or is_ours(name)

    app = Shield(make_app(board), is_host=is_host, takes_programs=True)
    return Server(app, board.hub.close)


def describe(board: Board, addresses: list[str], port: int, file: Path) -> str:
    """Say how to join, where the screens are, and where the data is."""
    lines = ["Learners join with", f"  ./course join {board.code} {board.place}"]
    lines += [
        "",
        "Screens, for you alone: who has this address can set the timer and remove people",
    ]
    lines += [f"  http://{address}:{port}/enter/{board.key}" for address in addresses]
    lines += ["", f"What is known is kept in {file}. Press Ctrl-C to stop; start again to go on."]
    return "\n".join(lines)


def list_addresses(host: str) -> Iterator[str]:
    """Yield the addresses at which others in the network reach this machine, best first."""
    if host != "0.0.0.0":  # noqa: S104 - a comparison
        yield host
        return
    for addresses in psutil.net_if_addrs().values():
        for address in addresses:
            if address.family == socket.AF_INET and not address.address.startswith("127."):
                yield address.address
    yield "127.0.0.1"


def is_ours(host: str) -> bool:
    """Tell whether a name is this machine's: a number, or what it is called here."""
    own = socket.gethostname().lower()
    if host in {"localhost", own, f"{own}.local"}:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
