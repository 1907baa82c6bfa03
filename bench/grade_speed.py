"""Measure how many submissions a minute are graded, and by which jail.

All rows of a lesson are measured in one run, one after the other, over the same copies of its
solution; what is compared is their ratio.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from measure import Place

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.probes.meanwhile import repeat_meanwhile

ROOT = Path(__file__).resolve().parent.parent
UNJAILED = "--no-jail-whoever-handed-in-can-do-anything-here"
JAILS = {
    "bubblewrap": ("--jail", "bubblewrap"),
    "no jail": (UNJAILED,),
    "docker": ("--jail", "docker"),
}
PERIOD = 1.0  # seconds between two looks at the memory
CELL = "checker.grading.cell"  # in a container, nothing else tells that a process is ours


def main() -> None:
    """Print a table, a row for each lesson, jail and number of jobs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, nargs="+", default=[2, 3])
    parser.add_argument("--jails", nargs="+", default=["bubblewrap", "no jail"], choices=JAILS)
    parser.add_argument("--copies", type=int, default=12)
    parser.add_argument("--jobs", type=int, nargs="+", default=[os.cpu_count() or 1])
    options = parser.parse_args()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{options.copies} submissions, {os.cpu_count()} cores, load before {load}\n")
    print("| lesson | jail | at a time | a minute | of bubblewrap's time | efficiency | MiB each |")
    print("|---|---|---|---|---|---|---|")
    for lesson in options.lessons:
        known: dict[tuple[str, int], Row] = {}
        for jobs in options.jobs:
            for jail in options.jails:
                known[jail, jobs] = measure(lesson, jail, jobs, options.copies)
                print_row(lesson, jail, jobs, known)


@dataclass(frozen=True)
class Row:
    """What grading took.

    Attributes:
        rate: Submissions a minute.
        memory: Bytes of all processes at most.
    """

    rate: float
    memory: float


def print_row(lesson: int, jail: str, jobs: int, known: Mapping[tuple[str, int], Row]) -> None:
    """Print a line of the table.

    Efficiency is how much one of several at a time gets done, compared with one that is alone.
    """
    row = known[jail, jobs]
    first, alone = known.get(("bubblewrap", jobs)), known.get((jail, 1))
    ratio = f"{first.rate / row.rate:.2f}" if first else ""
    efficiency = f"{row.rate / jobs / alone.rate:.0%}" if alone else ""
    share = row.memory / jobs / (1 << 20)
    cells = (lesson, jail, jobs, f"{row.rate:.1f}", ratio, efficiency, f"{share:.0f}")
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def measure(lesson: int, jail: str, jobs: int, number: int) -> Row:
    """Grade copies of a solution.

    So many as are graded at a time are graded before, so that whatever is made once is there.
    """
    with tempfile.TemporaryDirectory(prefix="course-bench-") as name:
        folder = Path(name)
        copies = hand_in(lesson, number, folder / "in")
        grade(hand_in(lesson, jobs, folder / "warm"), lesson, jail, jobs)
        with watch_memory() as most:
            seconds = grade(copies, lesson, jail, jobs)
        return Row(number / seconds * 60, max(most))


def hand_in(lesson: int, number: int, folder: Path) -> Path:
    """Make copies of a solution, each with another comment: what is the same is graded once."""
    solution = next((ROOT / "solutions").glob(f"{lesson:02}-*"))
    for copy in range(number):
        app = folder / f"copy{copy}"
        shutil.copytree(solution, app, ignore=shutil.ignore_patterns("node_modules", ".next"))
        with (app / "backend/app/main.py").open("a", encoding="utf-8") as main:
            main.write(f"# {copy} of {folder.name}\n")
    return folder


def grade(submissions: Path, lesson: int, jail: str, jobs: int) -> float:
    """Grade a folder and return the seconds that it took."""
    order = [submissions, "--lesson", lesson, "--jobs", jobs, *JAILS[jail]]
    out = ["--out", submissions.with_name(f"{submissions.name}-out")]
    return Place(ROOT, {}).run([sys.executable, "-m", "checker", "grade", *order, *out])


@contextmanager
def watch_memory() -> Iterator[list[float]]:
    """Yield a list of what all processes of this clone had together, in bytes."""
    seen = [0.0]
    with repeat_meanwhile(lambda: seen.append(sum(map(read_memory, list_processes()))), PERIOD):
        yield seen


def list_processes() -> list[psutil.Process]:
    """Return the processes that name this clone or are a cell, and what descends from them.

    Nurseries and servers are among them, which outlive whoever started them; we are not.
    """
    found = {p.pid: p for p in psutil.process_iter(["ppid", "cmdline"])}
    ours = {pid for pid, p in found.items() if is_ours(" ".join(p.info["cmdline"] or ()))}
    while below := {pid for pid, p in found.items() if p.info["ppid"] in ours} - ours:
        ours |= below
    return [found[pid] for pid in ours - {os.getpid()}]


def is_ours(command: str) -> bool:
    """Tell whether a command is one of this clone, or of a container that grades."""
    return f"{ROOT}/" in command or CELL in command


def read_memory(process: psutil.Process) -> float:
    """Return the proportional share of a process, in bytes; 0 when it has just ended."""
    try:
        info = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(info, "pss", info.uss))


if __name__ == "__main__":
    main()
