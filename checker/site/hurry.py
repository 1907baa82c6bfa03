"""Leave out of the site what takes long to make, for somebody who waits to read a lesson."""

import os
from pathlib import Path
from typing import Any

from checker.errors import CourseError
from checker.notebooks.books import Book
from checker.paths import CoursePaths
from checker.site.notebook_pages import read_run, run_once
from checker.site.tools import find_shipped

HURRY = "COURSE_SITE_HURRY"  # mkdocs runs the hooks in a process of its own: a variable tells them


def is_hurried() -> bool:
    """Tell whether somebody waits."""
    return HURRY in os.environ


def find_notebook(book: Book, paths: CoursePaths) -> dict[str, Any]:
    """Return a notebook, run first unless somebody waits: then it may have no outputs."""
    return read_run(book, paths) if is_hurried() else run_once(book, paths)


def find_scripts(paths: CoursePaths) -> dict[str, Path]:
    """Return the scripts from npm; a reader without Node.js has diagrams as text.

    Raises:
        CourseError: they cannot be installed, and nobody waits.
    """
    try:
        return find_shipped(paths)
    except CourseError:
        if is_hurried():
            return {}
        raise
