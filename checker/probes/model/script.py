"""Say what the model does: pieces of answers, and when they may leave."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from checker.probes.model.question import Question

PATIENCE = 10.0  # seconds that anything which an app is to do may take
Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Text:
    """A token: it travels in an event of its own."""

    text: str


@dataclass(frozen=True)
class Call:
    """The wish that a tool be used; the arguments are sent as they stand, JSON or not."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Wait:
    """Nothing more leaves until the script is released once more; before all else, no head too."""


@dataclass(frozen=True)
class Pause:
    """Nothing more leaves for so many seconds: for people to look at, checks wait by `Wait`."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """The connection breaks."""


@dataclass(frozen=True)
class EndEarly:
    """The answer ends in good form, but for what says that it is complete."""


@dataclass(frozen=True)
class Refuse:
    """An error, as the API words it.

    Attributes:
        text: A part of the message, which no user should read.
    """

    status: int
    code: str = "invalid_request_error"
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = "test-only-internals"


@dataclass(frozen=True)
class Raw:
    """Whatever this is, with status 200."""

    body: bytes
    content_type: str = "text/event-stream"


Piece = Text | Call | Wait | Pause | Cut | EndEarly | Refuse | Raw
Turn = tuple[Piece, ...]
"""What the model does when it is asked once."""


def say(*texts: str) -> Turn:
    """Return an answer in tokens."""
    return tuple(map(Text, texts))


def call(name: str, **arguments: object) -> Call:
    """Return the wish for a tool, in good order."""
    return Call(name, json.dumps(arguments))


class Script:
    """What the model does when the last question holds a word, and what it was asked then.

    Args:
        word: What tells this conversation from all others.
        turns: The first answers the question, the second the results of its tools, and so on; the
            last one stands for all that follow.
        tokens: What each call costs.
        loop: Where the server runs.
    """

    def __init__(
        self, word: str, turns: tuple[Turn, ...], tokens: int, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.word = word
        self.turns = turns
        self.tokens = tokens
        self.gate = asyncio.Semaphore(0)
        self.heard: list[Question] = []
        self._loop = loop
        self._changed = threading.Condition()

    def choose_turn(self, question: Question) -> Turn:
        """Return what answers this question."""
        return self.turns[min(question.round, len(self.turns) - 1)]

    def release(self, times: int = 1) -> None:
        """Let the model go on behind so many waits."""
        for _ in range(times):
            self._loop.call_soon_threadsafe(self.gate.release)

    def note(self, question: Question) -> None:
        """Remember what was asked."""
        with self._changed:
            self.heard.append(question)
            self._changed.notify_all()

    def note_end(self, question: Question, *, has_hung_up: bool) -> None:
        """Remember how an answer ended."""
        with self._changed:
            question.has_hung_up = has_hung_up
            question.is_over = True
            self._changed.notify_all()

    def wait_for_call(self, number: int = 1) -> bool:
        """Wait until the model was asked so often; tell whether it was."""
        return self._wait(lambda: len(self.heard) >= number)

    def wait_for_hang_up(self) -> bool:
        """Wait until whoever asked last has hung up; tell whether they did."""
        return self._wait(lambda: bool(self.heard) and self.heard[-1].has_hung_up)

    def _wait(self, holds: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            return self._changed.wait_for(holds, deadline - time.monotonic())


def count_called(scripts: Sequence[Script]) -> int:
    """Wait until the model was asked for each of these; return for how many it was.

    The patience is for each anew: an app that is slow on a busy machine goes on, one that is stuck
    does not.
    """
    for script in scripts:
        if not script.wait_for_call():
            break
    return sum(bool(script.heard) for script in scripts)
