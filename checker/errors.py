"""The errors that are told to the user in words, never as a traceback."""

from enum import IntEnum

DISK_FULL = ("the disk is full", "Free some space, then run the same command again.")
"""That problem and its next step, wherever it is met."""


class ExitCode(IntEnum):
    """What the process says to the shell."""

    PASSED = 0
    FAILED = 1
    COULD_NOT_RUN = 2
    BAD_USAGE = 3
    INTERRUPTED = 130


class CourseError(Exception):
    """A problem that the user can mend.

    Args:
        problem: What is wrong, as a fact, in one or two sentences.
        next_step: What to do about it: a command or an action.
        exit_code: What the process returns.
    """

    def __init__(
        self, problem: str, next_step: str, exit_code: ExitCode = ExitCode.COULD_NOT_RUN
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.next_step = next_step
        self.exit_code = exit_code


class UsageError(CourseError):
    """What was asked for does not exist or does not fit."""

    def __init__(self, problem: str, next_step: str) -> None:
        super().__init__(problem, next_step, ExitCode.BAD_USAGE)


class ProbeError(CourseError):
    """A probe could not do its work: the check's outcome is `error`, never `failed`."""


class LackingError(ProbeError):
    """The machine lacks what a kind of checks needs: each of them says so, none only waits."""
