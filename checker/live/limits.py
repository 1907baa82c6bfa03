"""Let everybody do something only so often."""

import time
from collections.abc import Hashable

MOST_KNOWN = 10_000


class Limit:
    """A bucket for each of them, which fills by the second and from which each act takes one.

    Args:
        burst: How many acts one may do at once.
        rate: How many more a second.
    """

    def __init__(self, burst: int, rate: float) -> None:
        self._burst = burst
        self._rate = rate
        self._left: dict[Hashable, tuple[float, float]] = {}

    def take(self, who: Hashable) -> float:
        """Return 0.0 when they may, else the seconds until they may again."""
        now = time.monotonic()
        left = self.count(who)
        if left < 1:
            return (1 - left) / self._rate
        if len(self._left) >= MOST_KNOWN:
            self._left.clear()  # a flood from everywhere: those who are refused lose little by it
        self._left[who] = (left - 1, now)
        return 0.0

    def count(self, who: Hashable) -> float:
        """Return how many acts they may do now."""
        left, at = self._left.get(who, (float(self._burst), 0.0))
        return min(self._burst, left + (time.monotonic() - at) * self._rate)
