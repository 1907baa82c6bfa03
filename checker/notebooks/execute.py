"""Run a notebook from top to bottom, as the tests do and the site shows it."""

import shutil
import subprocess
from pathlib import Path

from checker.errors import CourseError
from checker.notebooks.books import Book
from checker.notebooks.room import find_python, open_room
from checker.paths import CoursePaths

PROGRAM = "from nbclient.cli import main; main()"
LONGEST_RUN = 300.0  # seconds


def execute(book: Book, target: Path, paths: CoursePaths) -> None:
    """Write a copy of the notebook with its outputs.

    Raises:
        CourseError: a cell failed that is not there to fail; the copy has its traceback.
    """
    shutil.copyfile(book.source, target)
    with open_room(book, paths) as variables:
        done = subprocess.run(
            [f"{find_python()}", "-P", "-c", PROGRAM, "--inplace", target.name],
            cwd=target.parent,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_RUN,
            check=False,
        )
    if done.returncode != 0:
        raise CourseError(
            f"{book.source} does not run to its end:\n{done.stderr.strip()[-2000:]}",
            f"Look at it with ./course notebook {book.key}, and mend the cell.",
        )
