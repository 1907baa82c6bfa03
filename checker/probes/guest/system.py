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
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
INSTRUCTION = 8  # bytes


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(number: int) -> None:
    """Be sent this signal when the parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def hide_memory(*, is_hidden: bool = True) -> None:
    """Let nobody of the same user look into this process, or again let them."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, int(not is_hidden), 0, 0, 0)


class Filter(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def give_up_calls(program: bytes) -> None:
    """Do without system calls from now on, with all that is started; see seccomp(2).

    Raises:
        OSError: the kernel does not take the filter.
    """
    library = ctypes.CDLL(None, use_errno=True)
    given = Filter(len(program) // INSTRUCTION, program)
    library.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if library.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(given), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


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
