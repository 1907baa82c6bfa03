"""What a build or an app says, for whoever reads along."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import NamedTuple

MOST_LINES = 5000
PAUSE = 15.0  # seconds after which a reader hears that there is nothing new


class Line(NamedTuple):
    """One line, and when it was said."""

    text: str
    time: str


class Log:
    """Lines that are added by one, and read by many while they come."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._is_closed = False
        self._changed = threading.Condition()

    def write(self, text: str) -> None:
        """Add a line; beyond MOST_LINES they are left out."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        with self._changed:
            if len(self._lines) < MOST_LINES:
                self._lines.append(Line(text.rstrip(), now.replace("+00:00", "Z")))
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing more will be added."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def read(self) -> list[Line]:
        """Return what there is."""
        with self._changed:
            return list(self._lines)

    def follow(self) -> Iterator[Line | None]:
        """Yield lines as they come, to the end; None when nothing has come for a while."""
        count = 0
        while True:
            new, is_closed = self._wait_for(count)
            if not new and is_closed:
                return
            count += len(new)
            yield from new
            if not new:
                yield None

    def _wait_for(self, count: int) -> tuple[list[Line], bool]:
        """Wait for more than so many lines; return those, and whether there will be no others."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._lines) > count or self._is_closed, PAUSE)
            return self._lines[count:], self._is_closed
