"""Find and end processes by their descent (Linux). Standard library only."""

import contextlib
import os
import signal
import time
from collections.abc import Collection, Iterable
from pathlib import Path

KERNEL_LISTS_CHILDREN = Path("/proc/thread-self/children").exists()


def read_parents(known: Collection[int] = ()) -> dict[int, int]:
    """Return the parent of every process that is not known already."""
    parents = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - names are all that is needed
        if name.isdigit() and int(name) not in known:
            with contextlib.suppress(OSError):
                stat = Path("/proc", name, "stat").read_text(encoding="latin-1")
                parents[int(name)] = int(stat.rpartition(")")[2].split()[1])
    return parents


def list_children(parent: int) -> set[int]:
    """Return the children of a process as Linux lists them; none on a kernel that does not.

    To look at every process of the machine would take fifty times as long.
    """
    found: set[int] = set()
    with contextlib.suppress(OSError):  # it may end while its threads are listed
        for thread in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found.update(int(pid) for pid in thread.read_text(encoding="ascii").split())
    return found


def find_children(parent: int) -> set[int]:
    """Return the children of a process, zombies too, in whatever way it takes."""
    if KERNEL_LISTS_CHILDREN:
        return list_children(parent)
    return {pid for pid, above in read_parents().items() if above == parent}


def has_more(root: int, most: int) -> bool:
    """Tell whether more than `most` processes descend from one."""
    found = 0
    queue = {root}
    while queue and found <= most:
        below = list_children(queue.pop())
        found += len(below)
        queue |= below
    return found > most


def end_trees(roots: Iterable[int]) -> None:
    """Kill processes with everything that descends from them, also while they fork without end.

    Each one is stopped when it is found, so that it cannot fork while the rest is looked for, and
    every round looks only at the processes that are new. No process is waited for.
    """
    doomed = set(roots)
    send_all(doomed, signal.SIGSTOP)
    known = set(doomed)
    while fresh := read_parents(known):
        found = find_kin(doomed, fresh)
        send_all(found, signal.SIGSTOP)
        if not found:
            break
        doomed |= found
        # Whose parent was not seen may be kin of one that was born and died in between.
        known |= {pid for pid, parent in fresh.items() if parent in known or parent in fresh}
    send_all(doomed, signal.SIGKILL)


def find_kin(doomed: Collection[int], parents: dict[int, int]) -> set[int]:
    """Return the processes whose line of parents leads to a doomed one."""
    found: set[int] = set()
    while more := {
        pid
        for pid, parent in parents.items()
        if pid not in found and (parent in doomed or parent in found)
    }:
        found |= more
    return found


def send_all(pids: Iterable[int], number: int) -> None:
    """Send a signal to processes; some may have ended."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end_descendants() -> None:
    """End and reap everything below this process, which adopts what its children leave behind."""
    while True:
        end_trees(find_children(os.getpid()))
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)
