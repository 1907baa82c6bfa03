"""Measure how far a machine is from doing what is asked of it at once."""

import hashlib
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from checker.probes.meanwhile import repeat_meanwhile

PIECE = bytes(16 << 20)  # hashed in 10 ms, and the other threads go on meanwhile
PERIOD = 0.8  # seconds between two looks
WINDOW = 5  # looks, so 4 s: less than any answer has
MOST_SLOWDOWN = 8.0  # from here on what came too late says nothing about an app
LEAST_WORK = 1 / 64 if sys.platform == "win32" else 1e-4  # seconds, of clocks that are coarse
PIECES = 5  # for one figure: 50 ms of work, in which others get their turn
BUSY = 2.0  # a slowdown below this costs nobody patience
LONGEST = 6.0  # times as long as on a machine by itself


@dataclass
class Strain:
    """How slow the machine was.

    Attributes:
        worst: How many times longer work took than it would have alone, in the worst few seconds.
    """

    worst: float = 1.0
    _recent: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def add(self, clock: float, work: float) -> None:
        """Take in one piece of work: its seconds by the clock, and of processor time."""
        self._recent.append((clock, work))
        if len(self._recent) == WINDOW:
            self.worst = max(self.worst, round(divide(self._recent), 1))


@contextmanager
def watch_strain() -> Iterator[Strain]:
    """Measure until the block is left; takes about a hundredth of one core."""
    strain = Strain()
    with repeat_meanwhile(lambda: strain.add(*time_piece()), PERIOD):
        yield strain


def time_piece() -> tuple[float, float]:
    """Do a piece of work; return its seconds by the clock, and of processor time."""
    clock, work = time.perf_counter(), time.thread_time()
    hashlib.sha256(PIECE)
    return time.perf_counter() - clock, time.thread_time() - work


def divide(pieces: Iterable[tuple[float, float]]) -> float:
    """Return how many times longer all pieces of work took than they would have alone."""
    clocks, works = zip(*pieces, strict=True)
    return float(sum(clocks) / max(sum(works), LEAST_WORK))


def wait_longer(patience: float) -> float:
    """Return how much longer to wait for what takes at most so long on a quiet machine.

    In the unit of what is given; 0 unless the machine is busy just now. Measuring takes a twentieth
    of a second of work.
    """
    slowdown = min(divide(time_piece() for _ in range(PIECES)), LONGEST)
    return patience * (slowdown - 1) if slowdown >= BUSY else 0.0
