"""Keep what the board knows in one SQLite file."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checker.errors import CourseError

SCHEMA = """
create table if not exists fact (name text primary key, value text not null);
create table if not exists learner (
  id integer primary key,
  name text not null unique,
  token text not null unique,
  lesson integer not null default 0,
  outcomes text not null default '{}',
  joined_at real not null,
  seen_at real not null,
  moved_at real not null,
  hand_at real
);
"""
COLUMNS = "id, name, lesson, outcomes, joined_at, seen_at, moved_at, hand_at"


@dataclass
class Learner:
    """One row of the board; times are seconds since 1970 by this machine's clock.

    Attributes:
        outcomes: How each check ended when it ran last, by its id.
        seen_at: When something came from them last.
        moved_at: When the number of checks that pass grew, or the lesson changed.
        hand_at: When their hand went up; None while it is down.
    """

    id: int
    name: str
    lesson: int
    outcomes: dict[str, str] = field(default_factory=dict)
    joined_at: float = 0.0
    seen_at: float = 0.0
    moved_at: float = 0.0
    hand_at: float | None = None


class Store:
    """The file, read whole when it is opened, and written at each change.

    Args:
        file: Made when it is not there.

    Attributes:
        learners: Everybody who joined, by id.

    Raises:
        CourseError: the file is something else, or cannot be written.
    """

    def __init__(self, file: Path) -> None:
        try:
            self._base = sqlite3.connect(file, check_same_thread=False)  # one at a time
            self._base.execute("pragma journal_mode = wal")
            self._base.execute("pragma synchronous = normal")
            self._base.executescript(SCHEMA)
            rows = self._base.execute(f"select {COLUMNS} from learner").fetchall()  # noqa: S608
        except sqlite3.Error as error:
            raise CourseError(
                f"the board's data cannot be read from {file}: {error}",
                "Name another file with --data, or move this one away.",
            ) from error
        self.learners = {row[0]: read_learner(*row) for row in rows}

    def close(self) -> None:
        """Close the file; nothing is left to be written."""
        self._base.close()

    def read_fact(self, name: str, default: str = "") -> str:
        """Return what was noted under a name."""
        row = self._base.execute("select value from fact where name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def write_fact(self, name: str, value: str) -> None:
        """Note something under a name."""
        with self._base:
            self._base.execute("replace into fact values (?, ?)", (name, value))

    def add(self, name: str, token: str) -> Learner:
        """Take somebody in; a name that is taken gets a number behind it."""
        now = time.time()
        chosen = self._make_unique(name)
        with self._base:
            added = self._base.execute(
                "insert into learner (name, token, joined_at, seen_at, moved_at)"
                " values (?, ?, ?, ?, ?)",
                (chosen, hash_token(token), now, now, now),
            )
        learner = Learner(int(added.lastrowid or 0), chosen, 0, {}, now, now, now)
        self.learners[learner.id] = learner
        return learner

    def _make_unique(self, name: str) -> str:
        taken = {learner.name.casefold() for learner in self.learners.values()}
        number, chosen = 1, name
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{name} ({number})"
        return chosen

    def find(self, token: str) -> Learner | None:
        """Return whose token it is."""
        row = self._base.execute(
            "select id from learner where token = ?", (hash_token(token),)
        ).fetchone()
        return self.learners.get(row[0]) if row else None

    def note(self, learner: Learner, lesson: int, outcomes: Mapping[str, str]) -> None:
        """Add what somebody's checks came to."""
        learner.seen_at = time.time()
        before = count_passed(learner.outcomes)
        learner.outcomes = {**learner.outcomes, **outcomes}
        if lesson != learner.lesson or count_passed(learner.outcomes) > before:
            learner.moved_at = learner.seen_at
        learner.lesson = lesson
        self._write(learner)

    def raise_hand(self, learner: Learner, *, is_up: bool) -> None:
        """Put a hand up or down; one that is up keeps its place in the queue."""
        learner.hand_at = (learner.hand_at or time.time()) if is_up else None
        self._write(learner)

    def remove(self, learner: Learner) -> None:
        """Forget somebody; their token is worth nothing any more."""
        with self._base:
            self._base.execute("delete from learner where id = ?", (learner.id,))
        del self.learners[learner.id]

    def _write(self, learner: Learner) -> None:
        with self._base:
            self._base.execute(
                "update learner set lesson = ?, outcomes = ?, seen_at = ?, moved_at = ?,"
                " hand_at = ? where id = ?",
                (
                    learner.lesson,
                    json.dumps(learner.outcomes),
                    learner.seen_at,
                    learner.moved_at,
                    learner.hand_at,
                    learner.id,
                ),
            )


def read_learner(number: int, name: str, lesson: int, outcomes: str, *times: float) -> Learner:
    """Return the learner of a row; see COLUMNS."""
    joined, seen, moved, hand = times
    return Learner(number, name, lesson, json.loads(outcomes), joined, seen, moved, hand)


def count_passed(outcomes: Mapping[str, str]) -> int:
    """Return how many checks passed."""
    return sum(outcome == "passed" for outcome in outcomes.values())


def hash_token(token: str) -> str:
    """Return what is kept of a token: whoever reads the file can write no row with it."""
    return hashlib.sha256(token.encode()).hexdigest()
