"""Make a thing once, whoever asks for it first."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Made = TypeVar("Made")


class Once:
    """What was made, by its key; what was raised instead is raised again for everybody."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returned; who asks meanwhile waits."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._made:
                try:
                    self._made[key] = make()
                except Exception as error:  # noqa: BLE001 - raised again for everybody who asks
                    self._made[key] = error
            made = self._made[key]
        if isinstance(made, Exception):
            raise made
        return made  # type: ignore[no-any-return]  # what `make` returned
