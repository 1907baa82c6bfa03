"""Tell in words when a file of the grader's cannot be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.errors import CourseError


@contextmanager
def explained_writing(place: Path) -> Iterator[None]:
    """Let what goes wrong with files in this block be about a place.

    Raises:
        CourseError: something did.
    """
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"{place} cannot be written: {error.strerror or error}",
            "Make room on its disk, or name another place with --out.",
        ) from error
