"""Measure how many submissions a minute are graded, and by which jail.

All rows of a lesson are measured in one run, one after the other, over the same copies of its
solution; what is compared is their ratio.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from measure import Place

ROOT = Path(__file__).resolve().parent.parent
UNJAILED = "--no-jail-whoever-handed-in-can-do-anything-here"
JAILS = {
    "bubblewrap": ("--jail", "bubblewrap"),
    "no jail": (UNJAILED,),
    "docker": ("--jail", "docker"),
}
PERIOD = 0.2  # seconds between two looks at the memory


def main() -> None:
    """Print a table, a row for each lesson and jail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, nargs="+", default=[2, 3])
    parser.add_argument("--jails", nargs="+", default=["bubblewrap", "no jail"], choices=JAILS)
    parser.add_argument("--copies", type=int, default=12)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{options.copies} submissions, {options.jobs} at a time, load before {load}\n")
    print("| lesson | jail | submissions a minute | of the unjailed time | MiB a submission |")
    print("|---|---|---|---|---|")
    for lesson in options.lessons:
        rows = {jail: measure(lesson, jail, options) for jail in options.jails}
        unjailed = rows.get("no jail", (0.0, 0.0))[0]
        for jail, (seconds, memory) in rows.items():
            ratio = f"{seconds / unjailed:.2f}" if unjailed else ""
            rate, share = options.copies / seconds * 60, memory / options.jobs / (1 << 20)
            print(f"| {lesson} | {jail} | {rate:.1f} | {ratio} | {share:.0f} |")


def measure(lesson: int, jail: str, options: argparse.Namespace) -> tuple[float, float]:
    """Grade copies of a solution; return the seconds, and the bytes that it took at most.

    One copy is graded before, so that whatever is made once is there.
    """
    with tempfile.TemporaryDirectory(prefix="course-bench-") as name:
        folder = Path(name)
        copies = hand_in(lesson, options.copies, folder / "in")
        warm_up = hand_in(lesson, 1, folder / "warm")
        grade(warm_up, lesson, jail, options.jobs)
        with watch_memory() as most:
            seconds = grade(copies, lesson, jail, options.jobs)
        return seconds, max(most)


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
    """Yield a list of what all processes below this one had together, in bytes.

    What they share counts by its part; a container's processes are the engine's, and not here.
    """
    seen, is_over = [0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(PERIOD):
            seen.append(sum(read_memory(p) for p in psutil.Process().children(recursive=True)))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def read_memory(process: psutil.Process) -> float:
    """Return the proportional share of a process, in bytes; 0 when it has just ended."""
    try:
        info = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(info, "pss", info.uss))


if __name__ == "__main__":
    main()
