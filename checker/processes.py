"""Processes that end together, whatever thread has started them."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, AnyStr, Generic

if TYPE_CHECKING:
    import subprocess


class Processes(Generic[AnyStr]):
    """The processes that run now. Once they have been ended, no other begins."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[AnyStr]] = set()
        self._lock = threading.Lock()
        self._is_over = False

    def start(
        self, begin: Callable[[], "subprocess.Popen[AnyStr]"]
    ) -> "subprocess.Popen[AnyStr] | None":
        """Begin one, and keep it; None when all have been ended."""
        with self._lock:
            if self._is_over:
                return None
            process = begin()
            self._running.add(process)
            return process

    def forget(self, process: "subprocess.Popen[AnyStr]") -> None:
        """Let one go that has ended."""
        with self._lock:
            self._running.discard(process)

    def end_all(self, end: Callable[["subprocess.Popen[AnyStr]"], None]) -> None:
        """End those that run, by `end`, which must not wait; let none begin after them."""
        with self._lock:
            self._is_over = True
            for process in self._running:
                end(process)
