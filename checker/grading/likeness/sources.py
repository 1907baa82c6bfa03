"""Gather the texts that are compared: what people wrote, and what they were given."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from checker.course.manifest import Lesson
from checker.errors import ProbeError
from checker.grading.limited import limited
from checker.grading.refusal import Limits, Refusal
from checker.grading.submissions import Submission, bring
from checker.paths import CoursePaths
from checker.probes.guest.removal import remove_tree
from checker.probes.submission import list_app_files

WRITTEN = frozenset({".py", ".ts", ".tsx", ".js", ".jsx", ".mjs"})
MADE = frozenset({"migrations", "versions", "alembic"})  # Alembic writes what is in them
LARGEST = 200_000  # bytes: nobody writes such a file
SOLUTION = "(the course's solution)"


def read_submissions(
    submissions: Iterable[Submission], refused: list[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the texts of every submission by file; who cannot be read is named in `refused`."""
    for submission in submissions:
        place = Path(tempfile.mkdtemp(prefix="handed-in-"))
        try:
            with limited():
                app = bring(submission.path, place / "files", Limits())
            yield submission.name, dict(read_texts(app))
        except (Refusal, ProbeError) as error:
            refused.append(f"{submission.name}: {error}")
        finally:
            remove_tree(place)


def read_texts(app: Path) -> Iterator[tuple[str, str]]:
    """Yield what a person may have written, by file."""
    for path in list_app_files(app):
        parts = path.relative_to(app).parts
        if path.suffix in WRITTEN and path.is_file() and not MADE & set(parts):
            content = path.read_bytes()
            if len(content) <= LARGEST:
                yield "/".join(parts), content.decode("utf-8", "replace")


def read_given(
    lessons: Sequence[Lesson], number: int, more: Iterable[Path]
) -> list[tuple[str, str]]:
    """Return what everybody was given up to a lesson, and what the grader says they were too."""
    starters = [lesson.folder / "starter" for lesson in lessons if lesson.number <= number]
    return [text for folder in (*starters, *more) for text in read_texts(folder)]


def read_solution(paths: CoursePaths, number: int) -> dict[str, str]:
    """Return the solution of a lesson: anybody can have it."""
    folder = next(paths.solutions.glob(f"{number:02}-*"))
    return dict(read_texts(folder))
