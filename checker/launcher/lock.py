"""Let one set-up of a clone run at a time."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

POLL_SECONDS = 0.2


@contextlib.contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Wait for the lock and hold it; the system lets go of it, however the process ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if not try_lock(file):
            sys.stderr.write("Another ./course is setting up this clone: waiting for it.\n")
            while not try_lock(file):
                time.sleep(POLL_SECONDS)
        yield


def try_lock(file: IO[bytes]) -> bool:
    """Lock the file; return False when another process holds it."""
    if sys.platform == "win32":
        import msvcrt

        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    else:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
