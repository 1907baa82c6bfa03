"""What a run found: the one model behind the terminal, JSON, JUnit and HTML."""

from enum import StrEnum

import msgspec

from checker.errors import ExitCode

FORMAT = "course/report/v1"


class Outcome(StrEnum):
    """How a check ended; `error` is ours or the machine's, never the learner's."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Why a check did not pass.

    Attributes:
        expected: What the contract asks for; empty where only a fact can be told.
        got: What was observed.
        next_step: What to do.
        setup: What the request takes to be repeated, besides `./course run`.
        curl: The request as a command line, against the address of `./course run`.
        log: The last lines of the app's own output, or the learner's frames of its traceback.
        picture: The file that shows the page as it was; empty where there was no page.
        trace: The file that Playwright's viewer shows step by step, when it was asked for.
    """

    expected: str = ""
    got: str
    next_step: str
    setup: str = ""
    curl: str = ""
    log: str = ""
    picture: str = ""
    trace: str = ""


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One check of a run.

    Attributes:
        needs: The ids of the checks that must pass before this one can say anything.
        seconds: How long it took, set-up included.
    """

    id: str
    title: str
    lesson: int
    task: str
    points: int
    needs: tuple[str, ...]
    outcome: Outcome
    seconds: float
    finding: Finding | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the checks over one app.

    Attributes:
        format: Name and version of this format.
        app: The folder that was checked.
        lesson: The checks of lessons 1 to this one were run.
        seed: What the random inputs came from; the same seed repeats them.
        started_at: UTC, ISO 8601.
        seconds: Wall time of the whole run.
    """

    format: str = FORMAT
    checker: str
    app: str
    lesson: int
    seed: int
    started_at: str
    seconds: float
    results: tuple[CheckResult, ...]

    def select(self, outcome: Outcome) -> tuple[CheckResult, ...]:
        """Return the results of one outcome, in order."""
        return tuple(r for r in self.results if r.outcome is outcome)

    @property
    def exit_code(self) -> ExitCode:
        """What the process says: a failure before an error, an error before success."""
        if self.select(Outcome.FAILED):
            return ExitCode.FAILED
        return ExitCode.COULD_NOT_RUN if self.select(Outcome.ERROR) else ExitCode.PASSED

    @property
    def score(self) -> int:
        """Points of the checks that passed."""
        return sum(r.points for r in self.select(Outcome.PASSED))

    @property
    def max_score(self) -> int:
        """Points of all checks of the run."""
        return sum(r.points for r in self.results)
