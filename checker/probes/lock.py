"""Hold a file's lock across processes; the system frees it when the process ends."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Wait for the lock of a file, and hold it."""
    with path.open("a+b") as file:
        lock(file)
        yield


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Hold the lock of a file unless somebody else does; yield whether it is ours."""
    with path.open("a+b") as file:
        yield is_locked_at_once(file)


def lock(file: BinaryIO) -> None:
    """Wait until the file is ours."""
    if sys.platform == "win32":
        while not is_locked_at_once(file):
            time.sleep(0.05)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


def is_locked_at_once(file: BinaryIO) -> bool:
    """Make the file ours, and tell whether that was possible."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
