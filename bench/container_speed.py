"""Measure the checks of lessons 6 and 7, which build and run containers, and print a table.

Run it with any Python of 3.11 or newer, where a container engine answers and the clone is set up:
`python bench/container_speed.py`. It first removes the images that checks have built and kept;
base images and stand-ins stay. README.md beside this file says what each row means.
"""

import argparse
import sys
import tempfile
import tomllib
from pathlib import Path

from copies import ROOT, make_place, start_course
from measure import CommandFailedError, Place, print_head, print_row, repeat

LESSONS = (6, 7)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="how often warm commands are timed")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="cb-", ignore_cleanup_errors=True) as name:
        place = make_place(ROOT, Path(name).resolve())
        print_head(runs)
        for lesson in LESSONS:
            print_cold(place, lesson)
            print_warm(place, lesson, runs)
    return 0


def print_cold(place: Place, lesson: int) -> None:
    """Time the first check after all that was built is gone."""
    place.run(start_course("images", "--clear"))
    name = f"lesson {lesson}'s own checks, nothing built"
    print_row(repeat(name, 1, lambda: place.run(choose_own(lesson)), warm_up=0))


def print_warm(place: Place, lesson: int, runs: int) -> None:
    """Time the same checks over the same app."""
    name = f"lesson {lesson}'s own checks, warm"
    print_row(repeat(name, runs, lambda: place.run(choose_own(lesson))))


def choose_own(lesson: int) -> list[str]:
    """Return the command that runs a lesson's own checks, with those that they need."""
    (file,) = ROOT.glob(f"lessons/{lesson:02}-*/lesson.toml")
    tasks = tomllib.loads(file.read_text(encoding="utf-8"))["tasks"]
    chosen = (part for task in tasks for part in ("--only", task["id"]))
    return start_course("check", str(lesson), "--solution", *chosen)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CommandFailedError as error:
        sys.exit(f"error: {error}")
