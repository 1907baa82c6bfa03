"""Turn results into marks; nothing but the results, the roster and the options goes in."""

import datetime as dt
import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from checker.grading.results import RunResult, Status
from checker.grading.roster import Person

DAY = dt.timedelta(days=1)


class Standing(StrEnum):
    """Where somebody stands."""

    GRADED = "graded"
    REFUSED = "refused"
    ERROR = "error"
    PENDING = "pending"
    MISSING = "missing"


WITHOUT_MARK = {Standing.ERROR, Standing.PENDING}


@dataclass(frozen=True)
class Deadline:
    """When a submission is due, and what it costs to be late.

    Attributes:
        at: None when it is never late.
        percent: Of the points that were reached, for every day that was begun.
    """

    at: dt.datetime | None = None
    percent: float = 0.0

    def find_penalty(self, submitted_at: dt.datetime | None) -> float:
        """Return the share of the points that is taken away, 0 to 1."""
        if self.at is None or submitted_at is None or submitted_at <= self.at:
            return 0.0
        days = math.ceil((submitted_at - self.at) / DAY)
        return min(days * self.percent / 100, 1.0)


@dataclass(frozen=True)
class Mark:
    """The mark of one person.

    Attributes:
        name: What the reports call them.
        max_score: Of all checks; 0 where nothing says how many there are.
        score: Points of the checks that passed; None where there is no mark.
        penalty: The share that is taken away for being late.
        reason: Why there is no report, or no mark.
    """

    name: str
    person: Person
    standing: Standing
    max_score: int
    score: int | None = None
    penalty: float = 0.0
    reason: str = ""
    result: RunResult | None = field(default=None, repr=False)

    @property
    def final(self) -> float | None:
        """The points after the penalty; None where there is no mark."""
        return None if self.score is None else round(self.score * (1 - self.penalty), 2)


def make_marks(
    results: Mapping[str, RunResult | None],
    people: Mapping[str, Person],
    deadline: Deadline,
    max_score: int,
) -> list[Mark]:
    """Return everybody's mark, in the order of the names.

    Args:
        results: What came of each submission, by its name; None where nothing has yet.
        people: The roster.
        deadline: When submissions are due.
        max_score: Points of all checks.
    """
    names = sorted({*results, *people})
    return [
        make_mark(name, people.get(name, Person(name)), results, deadline, max_score)
        for name in names
    ]


def make_mark(
    name: str,
    person: Person,
    results: Mapping[str, RunResult | None],
    deadline: Deadline,
    max_score: int,
) -> Mark:
    """Return one mark."""
    if name not in results:
        reason = "nothing was handed in"
        return Mark(name, person, Standing.MISSING, max_score, score=0, reason=reason)
    result = results[name]
    if result is None:
        return Mark(name, person, Standing.PENDING, max_score, reason="not graded yet")
    standing = Standing(result.status.value)
    score = None if standing in WITHOUT_MARK else 0
    if result.status is Status.GRADED and result.report:
        score = result.report.score
    return Mark(
        name=name,
        person=person,
        standing=standing,
        max_score=max_score,
        score=score,
        penalty=deadline.find_penalty(person.submitted_at),
        reason=result.reason,
        result=result,
    )


def make_anonymous(marks: Iterable[Mark], salt: str) -> list[Mark]:
    """Return the marks under names that say nothing, in an order that says nothing."""
    hidden = [
        Mark(
            name=(name := hide(mark.name, salt)),
            person=Person(name, submitted_at=mark.person.submitted_at),
            standing=mark.standing,
            max_score=mark.max_score,
            score=mark.score,
            penalty=mark.penalty,
            reason=mark.reason,
            result=mark.result,
        )
        for mark in marks
    ]
    return sorted(hidden, key=lambda mark: mark.name)


def hide(name: str, salt: str) -> str:
    """Return another name for a name: the same one in every report of a batch."""
    digest = hashlib.sha256(f"{salt} {name}".encode()).hexdigest()
    return f"person-{digest[:10]}"
