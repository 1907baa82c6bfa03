"""Measure how long after a save `./course watch` has its verdict, and print a table.

Run it with the judge's Python: `.venv/bin/python bench/watch_speed.py`. It edits copies of the
solutions, again and again, as README.md beside this file says.
"""

import argparse
import os
import platform
import queue
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from checker.judge.verdict import CheckOrder
from checker.paths import CoursePaths
from checker.watch.engine import Engine, Event, Trouble, Verdict
from checker.watch.pages import PagesKeeper

LONGEST_WAIT = 300.0  # seconds


@dataclass(frozen=True)
class Edit:
    """What is changed there and back.

    Attributes:
        file: From the solution's folder.
        right, other: A text of the file, and what stands in its place every second time.
        only: The tasks that are watched; empty for the whole lesson.
    """

    lesson: int
    file: str
    right: str
    other: str
    only: tuple[str, ...] = ()


FORM = "frontend/src/components/auth/login-form.tsx"
EDITS = (
    Edit(1, "backend/app/api/health.py", '"ok"', '"well"'),
    Edit(2, "backend/app/api/auth.py", "HTTP_201_CREATED", "HTTP_200_OK"),
    Edit(3, "backend/app/api/tasks.py", "HTTP_201_CREATED", "HTTP_200_OK"),
    Edit(4, FORM, "  Sign in\n", "  Log in\n", ("L4.5",)),
)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=50, help="how many edits each")
    parser.add_argument("--lessons", type=int, nargs="*", help="only these")
    options = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{platform.platform()}, {os.cpu_count()} cores, load at the start {load:.1f}")
    print(f"\n{'seconds from a save to the verdict':<44} {'median':>7} {'p95':>7} {'all':>7}")
    for edit in EDITS:
        if not options.lessons or edit.lesson in options.lessons:
            print_row(edit, *measure(edit, options.edits))
    return 0


def measure(edit: Edit, edits: int) -> tuple[list[float], list[float]]:
    """Return the seconds to the first verdict and to the last one, for each edit."""
    paths = CoursePaths.find()
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        app = Path(name).resolve() / "app"
        shutil.copytree(next(paths.solutions.glob(f"{edit.lesson:02}-*")), app)
        order = CheckOrder(paths=paths, lesson=edit.lesson, folder=app, only=edit.only)
        with watched(order) as events:
            wait_for_all(events)
            texts = cycle((edit.other, edit.right))
            took = [save(edit, app / edit.file, next(texts), events) for _ in range(edits)]
    return [first for first, _ in took], [last for _, last in took]


@contextmanager
def watched(order: CheckOrder) -> Iterator["queue.Queue[Event]"]:
    """Watch an app from a thread, and yield what is told about it."""
    events: queue.Queue[Event] = queue.Queue()
    with PagesKeeper(order.paths) as pages:
        engine = Engine(order, events.put, pages)
        thread = threading.Thread(target=engine.run)
        thread.start()
        try:
            yield events
        finally:
            engine.stop()
            thread.join()


def save(edit: Edit, file: Path, text: str, events: "queue.Queue[Event]") -> tuple[float, float]:
    """Save a file with this text in it; return the seconds to the first and to the last verdict."""
    now = file.read_text(encoding="utf-8")
    before = edit.right if text == edit.other else edit.other
    changed = now.replace(before, text, 1)
    if changed == now:
        raise SystemExit(f"error: {edit.file} does not say {before!r} any more")
    started = time.perf_counter()
    file.write_text(changed, encoding="utf-8")
    verdict = wait_for_verdict(events)
    first = time.perf_counter() - started
    if verdict.left:
        wait_for_all(events)
    return first, time.perf_counter() - started


def wait_for_all(events: "queue.Queue[Event]") -> None:
    """Wait until nothing is left to be run."""
    while wait_for_verdict(events).left:
        pass


def wait_for_verdict(events: "queue.Queue[Event]") -> Verdict:
    """Return the next verdict."""
    while True:
        event = events.get(timeout=LONGEST_WAIT)
        if isinstance(event, Trouble):
            raise SystemExit(f"error: {event.problem}")
        if isinstance(event, Verdict):
            return event


def print_row(edit: Edit, first: list[float], last: list[float]) -> None:
    """Print one line of the table."""
    name = f"watch {edit.lesson}{''.join(f' --only {task}' for task in edit.only)}, {edit.file}"
    p95 = statistics.quantiles(first, n=20)[-1] if len(first) > 1 else first[0]
    rest = statistics.median(last)
    print(f"{name[:44]:<44} {statistics.median(first):7.2f} {p95:7.2f} {rest:7.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
