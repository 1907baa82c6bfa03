"""What a process may ask Linux for: whom it ends with, whom it adopts, how soon it runs.

Standard library only.
"""

import contextlib
import ctypes
import os
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(number: int) -> None:
    """Be sent this signal when the parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def hide_memory(*, is_hidden: bool = True) -> None:
    """Let nobody of the same user look into this process, or again let them."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, int(not is_hidden), 0, 0, 0)


def go_first() -> None:
    """Run before ordinary processes, where that is allowed: thousands of them may be in the way.

    Children are ordinary again.
    """
    with contextlib.suppress(OSError):
        policy = os.SCHED_FIFO | os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(0, policy, os.sched_param(1))


def count_own_tasks() -> int:
    """Return how many threads the processes of this user have: what RLIMIT_NPROC counts."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.getuid():
                count += sum(1 for _ in (folder / "task").iterdir())
    return count
