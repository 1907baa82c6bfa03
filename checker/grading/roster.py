"""Read the roster: who handed in which submission, and when."""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from checker.errors import UsageError
from checker.grading.names import identify

COLUMNS = ("submission", "id", "name", "email", "login", "section", "submitted_at")


@dataclass(frozen=True)
class Person:
    """One line of the roster.

    Attributes:
        submission: The name of the folder or archive, without its suffix.
        id: What the learning platform knows them by.
        login: What they sign in with there.
        submitted_at: When they handed in, with a time zone; None when nobody says.
    """

    submission: str
    id: str = ""
    name: str = ""
    email: str = ""
    login: str = ""
    section: str = ""
    submitted_at: dt.datetime | None = None


def read_roster(file: Path) -> dict[str, Person]:
    """Return the people by the names of their submissions.

    The first line names the columns: `submission`, and any of `id`, `name`, `email`, `login`,
    `section` and `submitted_at` (ISO 8601 with an offset). Other columns are left alone.

    Raises:
        UsageError: the file cannot be read, or does not say what it has to.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"the roster {file} cannot be read: {error}", MEND) from error
    people: dict[str, Person] = {}
    for number, row in enumerate(rows, start=2):
        person = read_person(row, f"{file}, line {number}")
        if person.submission in people:
            raise UsageError(f"{file}, line {number}: {person.submission} is there twice", MEND)
        people[person.submission] = person
    return people


MEND = f"Write a CSV file in UTF-8 whose first line has some of: {','.join(COLUMNS)}."


def read_person(row: dict[str, str | None], place: str) -> Person:
    """Return what one line says.

    Raises:
        UsageError: it names no submission, or its time is none.
    """
    texts = {name: (row.get(name) or "").strip() for name in COLUMNS}
    when = texts.pop("submitted_at")
    if not texts["submission"]:
        raise UsageError(f"{place}: no submission is named", MEND)
    texts["submission"] = identify(texts["submission"])
    return Person(**texts, submitted_at=read_time(when, place) if when else None)


def read_time(text: str, place: str) -> dt.datetime:
    """Return a moment.

    Raises:
        UsageError: it is none, or has no time zone.
    """
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(
            f"{place}: {text!r} is no time with an offset from UTC",
            "Write it like 2026-12-01T23:59:00+01:00.",
        )
    return moment
