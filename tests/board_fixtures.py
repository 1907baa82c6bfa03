"""Serve a board, and act as the people of its room."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checker.board.serve import make_server, open_board
from checker.board.store import Store
from checker.board.wire import post
from checker.live.server import serving
from checker.paths import CoursePaths

PATHS = CoursePaths.find()


@dataclass
class Room:
    """A board that is served.

    Attributes:
        address: The beginning of its addresses.
        code, key: See `Board`.
    """

    address: str
    code: str
    key: str

    def join(self, name: str) -> str:
        """Let somebody join, and return their token."""
        return str(post(f"{self.address}/api/join", {"code": self.code, "name": name})["token"])

    def note(self, token: str, lesson: int, **outcomes: str) -> None:
        """Send what somebody's checks came to."""
        body = {"lesson": lesson, "outcomes": outcomes}
        post(f"{self.address}/api/standing", body, token)

    def raise_hand(self, token: str) -> None:
        """Put somebody's hand up."""
        post(f"{self.address}/api/hand", {"up": True}, token)


@contextmanager
def serve_room(file: Path) -> Iterator[Room]:
    """Serve a board from a thread; it has stopped afterwards."""
    store = Store(file)
    board = open_board(PATHS, store, "192.168.1.5:8765")
    with serving(make_server(board, "board.school.example")) as port:
        yield Room(f"http://127.0.0.1:{port}", board.code, board.key)
    store.close()
