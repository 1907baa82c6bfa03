"""What one look at the machine has found."""

from enum import Enum

import msgspec

ALL_LESSONS = (1, 2, 3, 4, 5, 6, 7)
FRONTEND_LESSONS = (4, 5, 6, 7)
CONTAINER_LESSONS = (6,)


class Status(Enum):
    """Whether a lesson can be done with what was found."""

    OK = "ok"
    MISSING = "missing"
    WARNING = "warning"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One need, and how this machine meets it.

    Attributes:
        name: What is needed.
        status: `missing` stands in the way of the lessons, `warning` does not.
        detail: What was found.
        lessons: The lessons that need it.
        mend: The command that mends it on this machine, or what to do; None when all is well.
    """

    name: str
    status: Status
    detail: str
    lessons: tuple[int, ...] = ALL_LESSONS
    mend: str | None = None


def list_ready_lessons(findings: list[Finding]) -> list[int]:
    """Return the lessons that nothing stands in the way of."""
    blocked = {
        lesson
        for finding in findings
        if finding.status is Status.MISSING
        for lesson in finding.lessons
    }
    return [lesson for lesson in ALL_LESSONS if lesson not in blocked]
