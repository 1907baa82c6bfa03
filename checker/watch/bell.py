"""Wait until it is time to look at an app: when the system tells of a save, else often."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra

EVENTS = Extra("watch", "what tells of saves", ("watchfiles",))
OFTEN = 0.1  # seconds between two looks where the system tells nothing
SELDOM = 1.0  # and where it does
DEBOUNCE, STEP = 50, 10  # ms; for how long events are collected
MOST_MISSED = 2


class Bell:
    """Rings when something was saved.

    Events do not arrive under WSL2, on network drives and in some containers: a bell that has
    missed two saves is not waited for any more. Folders are watched one by one, without those below
    them: on Linux each of node_modules would take one of a limited number of watches.

    Args:
        stopping: Set when nobody waits any more.
    """

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._missed = 0
        self._has_events = False

    def prepare(self, paths: CoursePaths) -> None:
        """Install what tells of saves; until then, and without it, it is time to look often."""
        with suppress(CourseError, OSError):
            install_extra(EVENTS, paths)
            self._has_events = True

    def ring(self, folders: Iterable[Path]) -> Iterator[bool]:
        """Yield for a while whenever it is time to look: whether something was told of."""
        if self._has_events and self._missed < MOST_MISSED:
            try:
                yield from self._listen(folders)
            except (OSError, RuntimeError):  # a folder is gone, or no watches are left
                self._missed += 1
            return
        for _ in range(round(SELDOM / OFTEN)):
            if self._stopping.wait(OFTEN):
                return
            yield False

    def _listen(self, folders: Iterable[Path]) -> Iterator[bool]:
        from watchfiles import watch

        told = watch(
            *folders,
            watch_filter=None,
            debounce=DEBOUNCE,
            step=STEP,
            stop_event=self._stopping,
            rust_timeout=round(1000 * SELDOM),
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=False,
            recursive=False,
        )
        for changes in told:
            yield bool(changes)
            if self._missed >= MOST_MISSED:
                return

    def note_look(self, *, was_told: bool, has_changed: bool) -> None:
        """Take note of whether a save was told of."""
        if was_told:
            self._missed = 0
        elif has_changed:
            self._missed += 1
