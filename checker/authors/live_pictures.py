"""Take the pictures of what is served live: the board of a room, and a lesson with its panel."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.board.board import Board
from checker.board.serve import make_server as make_board_server
from checker.board.serve import open_board
from checker.board.store import Store
from checker.checks.declare import CheckInfo
from checker.live.server import serving
from checker.paths import CoursePaths
from checker.serve.serve import make_server
from checker.workspace.start import start

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = (
    *("Ada", "Alan", "Barbara", "Dennis", "Donald", "Edsger", "Frances", "Grace", "Guido"),
    *("Hedy", "Jean", "Katherine", "Ken", "Linus", "Margaret", "Radia", "Shafi", "Tim", "Zoë"),
)
WITH_HANDS = {"Edsger": 4, "Tim": 1}  # minutes for which their hands are up
LESSONS = (2, 3, 3, 3, 3, 4)
LOOKS = (
    ("light", {"width": 1440, "height": 900}, "light"),
    ("dark", {"width": 1440, "height": 900}, "dark"),
    ("phone-light", {"width": 375, "height": 760}, "light"),
    ("phone-dark", {"width": 375, "height": 760}, "dark"),
)
LONGEST_WAIT = 60_000  # ms


def take_live_pictures(paths: CoursePaths, folder: Path, browser: "Browser") -> Iterator[Path]:
    """Write the pictures into the folder, and yield the files one by one."""
    with open_room(paths) as address:
        for look, page in open_looks(browser):
            page.goto(address)
            page.locator("#learners li").first.wait_for()
            yield take(page, folder / f"board-{look}.png")
    with open_lesson(paths) as address:
        for look, page in open_looks(browser):
            page.goto(address)
            page.locator(".md-content").wait_for()  # the site's pages may be made only now
            page.locator("#panel:not(.busy) .check.failed").first.wait_for()
            yield take(page, folder / f"serve-{look}.png")


def open_looks(browser: "Browser") -> "Iterator[tuple[str, Page]]":
    """Yield a page for each theme and width, and what its pictures are called."""
    for look, size, scheme in LOOKS:
        page = browser.new_page()
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_default_timeout(LONGEST_WAIT)
        yield look, page
        page.close()


def take(page: "Page", file: Path) -> Path:
    """Write one picture."""
    page.screenshot(path=file, animations="disabled")
    return file


@contextmanager
def open_room(paths: CoursePaths) -> Iterator[str]:
    """Serve the board of a room in the middle of a lesson, and yield the address of its screen."""
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(Path(scratch) / "board.sqlite3")
        board = open_board(paths, store, "192.168.1.5:8765")
        fill(board)
        board.set_timer(31)
        with serving(make_board_server(board, "127.0.0.1")) as port:
            yield f"http://127.0.0.1:{port}/enter/{board.key}"
        store.close()


def fill(board: Board) -> None:
    """Let people be everywhere, some of them for long."""
    chance = random.Random(3)  # noqa: S311 - the same room each time
    for name in NAMES:
        learner, _ = board.join(board.code, name, "")
        lesson = chance.choice(LESSONS)
        checks = [info for info in board.view.checks if info.lesson == lesson]
        board.note(learner, lesson, make_outcomes(checks, chance.randrange(len(checks) + 1)))
        learner.moved_at = time.time() - 60 * chance.choice((1, 2, 3, 4, 6, 8, 14))
        minutes = WITH_HANDS.get(name)
        learner.hand_at = time.time() - 60 * minutes if minutes else None
        board.view.update(learner)


def make_outcomes(checks: list[CheckInfo], passed: int) -> dict[str, str]:
    """Return what a run of these checks came to, of which so many passed and the next did not."""
    return {
        info.id: "passed" if at < passed else "failed" if at == passed else "skipped"
        for at, info in enumerate(checks)
    }


@contextmanager
def open_lesson(paths: CoursePaths) -> Iterator[str]:
    """Serve lesson 1 to somebody who has done its first task, and yield its address."""
    with tempfile.TemporaryDirectory() as scratch:
        theirs = replace(paths, workspace=Path(scratch) / "workspace")
        start(theirs, 1)
        health = Path("backend", "app", "api", "health.py")
        shutil.copyfile(paths.solutions / "01-setup" / health, theirs.workspace / health)
        with serving(make_server(theirs)) as port:
            yield f"http://127.0.0.1:{port}/"
