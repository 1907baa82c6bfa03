"""Show the jail's maker what it has to mount, when it is not allowed to go there.

For root the jail is made by another user, so that nothing in it has root's number: that user may
not enter root's own folders. A folder in which only we see anything holds second names of what is
to be mounted. Everybody else mounts from the place itself.
"""

import os
from itertools import count
from pathlib import Path

from checker.probes.jail.namespaces import bind, mount

PLACES = ("/mnt", "/srv", "/media")
FIRST_USER, USERS = 60_000, 4000  # numbers that no system gives away


class Stage:
    """What the jail of one cell is made from."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._folder: Path | None = None
        self._is_root = os.getuid() == 0

    @property
    def user(self) -> int | None:
        """The number of the user who makes the jail; None when it is made by ourselves.

        The numbers of two cells differ, and so the kernel counts their processes apart.
        """
        return FIRST_USER + os.getpid() % USERS if self._is_root else None

    def show(self, path: Path) -> Path:
        """Return where the jail's maker finds a folder."""
        if not self._is_root:
            return path
        if self._folder is None:
            self._folder = Path(next(place for place in PLACES if Path(place).is_dir()))
            mount("tmpfs", f"{self._folder}", "tmpfs", 0)
            self._folder.chmod(0o755)
        place = self._folder / f"{next(self._numbers)}"
        bind(path, place)
        return place
