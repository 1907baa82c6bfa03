"""Decide who may do what on the board, and tell the screens."""

import asyncio
import contextlib
import hmac
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from checker.board.names import clean_name
from checker.board.refusal import RefusedError
from checker.board.store import Learner, Store
from checker.board.view import View
from checker.live.events import Hub
from checker.live.limits import Limit

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
CODE_LENGTH = 6
MOST_LEARNERS = 1000
LONGEST_LESSON = 24 * 60  # minutes
PERIOD = 0.1  # seconds between two events: a screen is not drawn for every result of 30 a second
KEY, CODE, TIMER = "key", "code", "timer"


class Board:
    """One room; all of it runs in the thread of the server's loop.

    Args:
        store: What is kept.
        view: What is shown.
        place: The address and the port that learners are told to join at.

    Attributes:
        code: What learners join with.
        key: What opens the screens.
    """

    def __init__(self, store: Store, view: View, place: str) -> None:
        self.place = place
        self.store = store
        self.view = view
        self.hub = Hub()
        self.code = self._keep(CODE, "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)))
        self.key = self._keep(KEY, secrets.token_urlsafe(18))
        self._known = {info.id for info in view.checks}
        self._guesses = Limit(burst=10, rate=1 / 6)
        self._joins = Limit(burst=100, rate=1)
        self._acts = Limit(burst=20, rate=2)
        self._changed: set[int] = set()
        self._gone: set[int] = set()

    def _keep(self, name: str, fresh: str) -> str:
        """Return what the file has under a name, put there at the first start."""
        kept = self.store.read_fact(name)
        if not kept:
            self.store.write_fact(name, fresh)
        return kept or fresh

    # What learners do

    def join(self, code: str, name: str, address: str) -> tuple[Learner, str]:
        """Take somebody in, and return their row and their token.

        Raises:
            RefusedError: the code is wrong, the name is empty, or there are too many.
        """
        if not hmac.compare_digest(code.strip().upper().encode(), self.code.encode()):
            if wait := self._guesses.take(address):  # asked for wrong ones alone: a class has one
                raise RefusedError(429, "Too many wrong codes came from your address.", wait)
            raise RefusedError(403, "This is not the code of the room: ask for it again.")
        if not (shown := clean_name(name)):
            raise RefusedError(422, "A name needs a letter or a digit.")
        if wait := self._joins.take(address):
            raise RefusedError(429, "Too many joined from your address just now.", wait)
        self._make_room()
        token = secrets.token_urlsafe(24)
        learner = self.store.add(shown, token)
        self._show(learner)
        return learner, token

    def _make_room(self) -> None:
        """Let the oldest row make way that never sent anything, nor raised a hand, at a full board.

        Raises:
            RefusedError: it is full of people at work.
        """
        if len(self.store.learners) < MOST_LEARNERS:
            return
        rows = self.store.learners.values()
        idle = next((one for one in rows if not one.lesson and one.hand_at is None), None)
        if idle is None:
            raise RefusedError(409, f"The board is full: it holds {MOST_LEARNERS} people.")
        self.remove(idle)

    def find_learner(self, token: str) -> Learner:
        """Return whose token it is.

        Raises:
            RefusedError: nobody's, or they do too much.
        """
        learner = self.store.find(token)
        if learner is None:  # no limit: nobody guesses 192 bits, and a class may have old tokens
            raise RefusedError(401, "This board does not know you: join it again.")
        if wait := self._acts.take(learner.id):
            raise RefusedError(429, "Too much came from you just now.", wait)
        return learner

    def note(self, learner: Learner, lesson: int, outcomes: Mapping[str, str]) -> None:
        """Take note of what somebody's checks came to.

        Checks that only the learner's clone of the course has are left out.

        Raises:
            RefusedError: the course has no such lesson.
        """
        if not 1 <= lesson <= len(self.view.lessons):
            raise RefusedError(422, f"The course has no lesson {lesson}.")
        known = {name: outcomes[name] for name in outcomes if name in self._known}
        self.store.note(learner, lesson, known)
        self._show(learner)

    def raise_hand(self, learner: Learner, *, is_up: bool) -> None:
        """Put somebody's hand up or down."""
        self.store.raise_hand(learner, is_up=is_up)
        self._show(learner)

    def remove(self, learner: Learner) -> None:
        """Forget somebody."""
        self.store.remove(learner)
        self.view.rows.pop(learner.id, None)
        self._changed.discard(learner.id)
        self._gone.add(learner.id)

    # What instructors do

    def opens(self, key: str) -> bool:
        """Tell whether a key is the one of the screens."""
        return hmac.compare_digest(key.encode(), self.key.encode())

    def check_key(self, key: str, address: str) -> None:
        """Refuse whoever guesses the key of the screens.

        Raises:
            RefusedError: it is not the key.
        """
        if not self.opens(key):
            if self._guesses.take(address):
                raise RefusedError(429, "Too many wrong keys came from your address.", 60)
            raise RefusedError(403, "Open the address that ./course board has printed.")

    def set_timer(self, minutes: int) -> None:
        """Let the lesson end in so many minutes; 0 takes the timer away."""
        self.store.write_fact(TIMER, f"{time.time() + 60 * minutes}" if minutes else "")
        self.hub.send("change", self.describe_change())

    def lower_hand(self, number: int) -> None:
        """Put down the hand of somebody who was helped."""
        if learner := self.store.learners.get(number):
            self.raise_hand(learner, is_up=False)

    # What screens show

    def describe(self) -> dict[str, Any]:
        """Return all that a screen shows."""
        return {**self._describe_room(), "rows": list(self.view.rows.values()), "all": True}

    def describe_change(self) -> dict[str, Any]:
        """Return what has changed since it was asked for last."""
        rows = [self.view.rows[number] for number in self._changed]
        gone = list(self._gone)
        self._changed.clear()
        self._gone.clear()
        return {**self._describe_room(), "rows": rows, "gone": gone}

    def _describe_room(self) -> dict[str, Any]:
        ends = self.store.read_fact(TIMER)
        timer = {"now": time.time(), "ends": float(ends) if ends else None}
        join = f"./course join {self.code} {self.place}"
        return {**timer, "join": join, **self.view.summarise()}

    def _show(self, learner: Learner) -> None:
        self.view.update(learner)
        self._changed.add(learner.id)

    @contextlib.asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """Tell the screens what changes, until the end of the block."""
        task = asyncio.create_task(self._tell())
        try:
            yield
        finally:
            task.cancel()

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(PERIOD)
            if self._changed or self._gone:
                self.hub.send("change", self.describe_change())
