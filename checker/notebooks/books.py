"""The notebooks of the course, and the learner's copies of them."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from checker.course.manifest import load_lessons
from checker.errors import UsageError
from checker.paths import CoursePaths

FILE = "explore.ipynb"
GRADE = "grade"


@dataclass(frozen=True)
class Book:
    """One notebook.

    Attributes:
        key: What a learner calls it: the lesson's number, or `grade`.
        name: Of the folder of the learner's copy.
        source: The course's own, without outputs.
        app: The folder of the finished app that it looks at.
    """

    key: str
    name: str
    source: Path
    app: Path

    @property
    def title(self) -> str:
        """Its first heading."""
        cells = json.loads(self.source.read_text(encoding="utf-8"))["cells"]
        return "".join(cells[0]["source"]).partition("\n")[0].lstrip("# ")


def list_books(paths: CoursePaths) -> list[Book]:
    """Return all notebooks, those of the lessons first."""
    lessons = load_lessons(paths)
    books = [
        Book(f"{one.number}", one.slug, one.folder / FILE, paths.solutions / one.slug)
        for one in lessons
    ]
    last = paths.solutions / lessons[-1].slug
    books.append(Book(GRADE, GRADE, paths.root / "docs" / GRADE / FILE, last))
    return [book for book in books if book.source.is_file()]


def find_book(paths: CoursePaths, key: str) -> Book:
    """Return the notebook of a lesson, or that of the graders.

    Raises:
        UsageError: there is none.
    """
    books = {book.key: book for book in list_books(paths)}
    if key not in books:
        raise UsageError(f"there is no notebook {key}", f"Give one of {', '.join(books)}.")
    return books[key]


def copy_book(book: Book, paths: CoursePaths) -> Path:
    """Return the learner's copy, made when there is none; what they wrote is never replaced.

    Each has a folder of its own: it would not run with what another lesson's app has.
    """
    copy = paths.workspace.with_name("notebooks") / book.name / FILE
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(book.source, copy)
    return copy
