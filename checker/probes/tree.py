"""Look at processes from outside: who descends from whom, and who belongs to a run."""

import contextlib
import glob
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

MOST_LISTED = 1000
KERNEL_LISTS_CHILDREN = Path("/proc/thread-self/children").exists()


def list_tree(root: int) -> list[psutil.Process]:
    """Return a process and its descendants; empty when it is gone."""
    try:
        process = psutil.Process(root)
        if KERNEL_LISTS_CHILDREN:
            return [process, *open_processes(list_descendants(root))]
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def list_descendants(root: int) -> list[int]:
    """Return the descendants as Linux lists them, a thousand or so at most.

    To look at every process of the machine would cost fifty times as much, ten times a second.
    """
    found: list[int] = []
    queue = [root]
    while queue and len(found) < MOST_LISTED:
        for file in glob.glob(f"/proc/{queue.pop()}/task/*/children"):  # noqa: PTH207 - no Paths
            with contextlib.suppress(OSError):
                below = [int(pid) for pid in Path(file).read_text(encoding="ascii").split()]
                found += below
                queue += below
    return found


def open_processes(pids: list[int]) -> Iterator[psutil.Process]:
    """Yield those of the processes that are still there."""
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            yield psutil.Process(pid)


def read_memory(process: psutil.Process) -> int:
    """Return the resident bytes of a process, 0 when it has just ended."""
    try:
        resident: int = process.memory_info().rss
    except psutil.Error:
        return 0
    return resident


def read_own_memory(process: psutil.Process) -> int:
    """Return a process's part of the bytes in memory, which takes a while to find out.

    A process that was just forked has next to none, and all the resident ones of its parent. What
    processes share counts by its part, where the system tells: two that have all their memory in
    common do not have it for nothing.
    """
    try:
        info = process.memory_full_info()
    except psutil.Error:
        return read_memory(process)
    own: int = getattr(info, "pss", info.uss)
    return own


def kill_all(processes: list[psutil.Process]) -> None:
    """Kill processes; those that are gone, or that belong to somebody else, are left alone."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def end_everything_in(scratch: Path, rounds: int = 100) -> None:
    """End every process that works in a run's folder, whoever started it.

    It finds those that left their parents, where the system does not pass them on to the host.
    """
    for _ in range(rounds):
        left = [p for p in psutil.process_iter() if is_at_work_in(p, scratch)]
        if not left:
            return
        kill_all(left)
        time.sleep(0.01)


def is_at_work_in(process: psutil.Process, scratch: Path) -> bool:
    """Tell whether a process has the folder as its place, or in its environment."""
    below = os.path.join(scratch, "")  # noqa: PTH118 - a Path drops the separator at the end
    if process.pid == os.getpid():
        return False
    try:
        places = (process.cwd(), *process.environ().values())
        return any(f"{place}{os.sep}".startswith(below) for place in places)
    except (psutil.Error, OSError):
        return False
