"""Measure how long a learner waits, beside the floors that nothing can go below, and print a table.

Run it with any Python of 3.11 or newer: `python bench/check_speed.py`. It takes a copy of the
repository, sets it up from nothing (packages are downloaded), and leaves nothing behind. With
`--here` it measures this clone's own environments instead, without set-up and first runs.
README.md beside this file says what each row means.
"""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from copies import (
    ROOT,
    copy_repository,
    find_python,
    forget_bytecode,
    make_place,
    start_course,
)
from measure import CommandFailedError, Measurement, Place, print_head, print_row, repeat

LESSONS = (1, 2, 3, 4, 5)
LESSON_WITH_PAGES = 4
CHAT_WITHOUT_PAGES = tuple(f"L5.{number}" for number in range(1, 7))
LESSONS_TO_COMPARE = (1, 2)  # the yardstick knows no databases
COLD_RUNS = 3
LONGEST_START = 30.0  # seconds


@dataclass(frozen=True)
class Bench:
    """One clone that is measured.

    Attributes:
        place: Where its commands run.
        scratch: A folder for whatever a measurement needs.
        runs: How often each warm command is timed.
    """

    place: Place
    scratch: Path
    runs: int

    @property
    def judge_python(self) -> Path:
        """The interpreter of the judge's environment."""
        return find_python(self.place.folder / ".venv")

    @property
    def authors_python(self) -> Path:
        """The interpreter of a copy that has httpx: the first command of the authors makes it."""
        python = find_python(self.place.folder / ".venv-authors")
        if not python.exists():
            self.place.run(start_course("test", "--version"))
        return python

    @property
    def app_python(self) -> Path:
        """The interpreter of the app's environment."""
        return find_python(self.place.folder / ".venv-app")

    def find_solution(self, lesson: int) -> Path:
        """Return the backend of a lesson's solution."""
        return next(self.place.folder.glob(f"solutions/{lesson:02}-*")) / "backend"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10, help="how often warm commands are timed")
    parser.add_argument("--here", action="store_true", help="measure this clone as it is set up")
    options = parser.parse_args()
    with make_folder() as scratch:
        clone = ROOT if options.here else scratch / "clone"
        bench = Bench(make_place(clone, scratch), scratch, options.runs)
        print_head(options.runs)
        if not options.here:
            copy_repository(clone)
            print_row(measure_set_up(bench))
            for lesson in LESSONS:
                print_row(measure_cold(bench, lesson))
        for measurement in measure_floors(bench):
            print_row(measurement)
        for lesson in LESSONS:
            ours = measure_warm(bench, lesson)
            print_row(ours)
            if lesson in LESSONS_TO_COMPARE:
                print_comparison(bench, lesson, ours)
        print_row(measure_tasks(bench, 5, CHAT_WITHOUT_PAGES))
        print_row(measure_rebuilt(bench))
    return 0


@contextmanager
def make_folder() -> Iterator[Path]:
    """Make a folder with a short name, since a Unix socket's address may not be long."""
    with tempfile.TemporaryDirectory(prefix="cb-", ignore_cleanup_errors=True) as name:
        yield Path(name).resolve()


def measure_set_up(bench: Bench) -> Measurement:
    """Time the first command of a fresh clone: it makes both environments."""
    command = start_course("check", "1", "--list")
    return repeat(
        "set-up from nothing, both environments", 1, lambda: bench.place.run(command), warm_up=0
    )


def measure_cold(bench: Bench, lesson: int) -> Measurement:
    """Time the first run after a set-up: no bytecode of the course, no cache, nothing warm."""
    numbers = count()

    def run() -> float:
        forget_bytecode(bench.place.folder)
        place = make_place(bench.place.folder, bench.scratch / f"cold-{lesson}-{next(numbers)}")
        return place.run(start_course("check", str(lesson), "--solution"))

    return repeat(f"./course check {lesson}, first run after set-up", COLD_RUNS, run, warm_up=0)


def measure_floors(bench: Bench) -> Iterator[Measurement]:
    """Time what every run must pay for: the interpreter, pytest, the app's start, our start."""
    place, runs = bench.place, bench.runs
    python = [bench.judge_python, "-c", "pass"]
    yield repeat("floor: Python starts", runs, lambda: place.run(python))
    test = bench.scratch / "test_trivial.py"
    test.write_text("def test_trivial():\n    assert True\n", encoding="utf-8")
    pytest = [bench.judge_python, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    yield repeat("floor: pytest with one trivial test", runs, lambda: place.run(pytest))
    yield repeat(
        "floor: the app starts (uvicorn, to the first 200)", runs, lambda: start_app(bench)
    )
    hint = start_course("hint", "L1.1")
    yield repeat("./course hint L1.1: launcher and command line", runs, lambda: place.run(hint))


def start_app(bench: Bench) -> float:
    """Start the app of lesson 1 as a learner would; return the seconds to its first answer."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [str(bench.app_python), "-m", "uvicorn", "app.main:app", "--port", str(port)]
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=bench.find_solution(1),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as app:
        try:
            wait_for_answer(f"http://127.0.0.1:{port}/health")
            return time.perf_counter() - started
        finally:
            app.terminate()


def wait_for_answer(address: str) -> None:
    """Ask until the answer is 200."""
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own app
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)


def measure_warm(bench: Bench, lesson: int) -> Measurement:
    """Time a check, again and again."""
    command = start_course("check", str(lesson), "--solution")
    return repeat(f"./course check {lesson}, warm", bench.runs, lambda: bench.place.run(command))


def measure_tasks(bench: Bench, lesson: int, tasks: tuple[str, ...]) -> Measurement:
    """Time the checks of some tasks, with those that they need."""
    chosen = (part for task in tasks for part in ("--only", task))
    command = start_course("check", str(lesson), "--solution", *chosen)
    name = f"./course check {lesson} --only {tasks[0]} to {tasks[-1]}, warm"
    return repeat(name, bench.runs, lambda: bench.place.run(command))


def measure_rebuilt(bench: Bench) -> Measurement:
    """Time a check of pages whose sources were changed since the last one."""
    app = bench.scratch / "changed"
    shutil.copytree(bench.find_solution(LESSON_WITH_PAGES).parent, app)
    page, numbers = app / "frontend" / "src" / "app" / "not-found.tsx", count()
    command = start_course("check", str(LESSON_WITH_PAGES), "--dir", str(app))

    def run() -> float:
        with page.open("a", encoding="utf-8") as file:
            file.write(f"// change {next(numbers)}\n")
        return bench.place.run(command)

    name = f"./course check {LESSON_WITH_PAGES}, after a change of the frontend"
    return repeat(name, max(3, bench.runs // 3), run)


def print_comparison(bench: Bench, lesson: int, ours: Measurement) -> None:
    """Time plain pytest that makes the same requests as a check, and print the ratio."""
    record = bench.scratch / f"requests-{lesson}.json"
    bench.place.run([bench.judge_python, "bench/record_requests.py", lesson, record])
    facts = json.loads(record.read_text(encoding="utf-8"))
    starts, requests = len(facts["starts"]), sum(len(c["requests"]) for c in facts["checks"])
    plain = measure_plain(
        bench, lesson, record, f"plain pytest: {starts} starts, {requests} requests"
    )
    print_row(plain)
    print(f"{'  ratio of the medians':<56} {ours.median / plain.median:7.2f}", flush=True)


def measure_plain(bench: Bench, lesson: int, record: Path, name: str) -> Measurement:
    """Time a plain test suite with the same starts and requests."""
    variables = {
        "BENCH_REQUESTS": str(record),
        "BENCH_PYTHON": str(bench.app_python),
        "BENCH_APP": str(bench.find_solution(lesson)),
    }
    place = replace(bench.place, variables={**bench.place.variables, **variables})
    command = [
        bench.authors_python,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "bench/replay_by_pytest.py",
    ]
    return repeat(name, max(3, bench.runs // 2), lambda: place.run(command))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CommandFailedError as error:
        sys.exit(f"error: {error}")
