"""Serve a board, and act as the people of its room."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checker.board.board import Board
from checker.board.routes import make_app
from checker.board.serve import is_ours
from checker.board.store import Store
from checker.board.view import make_view
from checker.board.wire import post
from checker.course.manifest import load_lessons
from checker.judge.plan import list_checks
from checker.live.server import Server, open_listener
from checker.live.shield import Shield
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
    listener = open_listener("127.0.0.1", 0)
    store = Store(file)
    board = Board(store, make_view(store, load_lessons(PATHS), list_checks()))
    app = Shield(make_app(board), is_host=is_ours, takes_programs=True)
    server = Server(app, board.hub.close)
    thread = threading.Thread(target=server.serve_until_stopped, args=(listener,))
    thread.start()
    try:
        yield Room(f"http://127.0.0.1:{listener.getsockname()[1]}", board.code, board.key)
    finally:
        server.should_exit = True
        thread.join()
        store.close()
