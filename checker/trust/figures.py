"""The figures of one measurement, as docs/trust/figures.json keeps them; None is not measured."""

from pathlib import Path

import msgspec

FORMAT = "course/trust/v1"


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """How right apps fared.

    Attributes:
        known: How many there are, the solution among them.
        judged: How many were judged.
        accepted: How many passed every check.
        checks: How many verdicts of single checks that makes.
        false_failures: How many of them were no pass.
        refused: The apps that were not accepted.
    """

    known: int
    judged: int
    accepted: int
    checks: int
    false_failures: int
    refused: tuple[str, ...] = ()


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """How wrong apps fared.

    Attributes:
        known: How many there are.
        judged: How many were judged.
        rejected: How many failed a check.
        named: In how many the failure that is shown first is the right one, and names the fault.
        offered: In how many of these a hint is offered with it.
        hinted: In how many of these it points at the fault.
        accepted: The apps that passed.
        astray: The apps that were rejected, and for something else.
    """

    known: int
    judged: int
    rejected: int
    named: int
    offered: int
    hinted: int
    accepted: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()


class Survivor(msgspec.Struct, frozen=True, kw_only=True):
    """A mutant that passed every check.

    Attributes:
        id, file, operator, change: See `Mutant`.
        excuse: Which entry of survivors.toml explains it, counted from 1; 0 when none does.
        is_excused: Whether that entry takes it out of the score.
        later: The lesson whose checks refuse it, 0 when none is known to.
    """

    id: str
    file: str
    operator: str
    change: str
    excuse: int
    is_excused: bool = False
    later: int = 0


class Score(msgspec.Struct, frozen=True):
    """Mutants that a check refused, of how many."""

    killed: int
    judged: int


class Mutants(msgspec.Struct, frozen=True, kw_only=True):
    """How mutants fared.

    Attributes:
        known: How many there are.
        judged: How many were judged and came to a verdict.
        killed: How many failed a check.
        undecided: How many could not be judged to the end.
        unbuilt: How many do not build, and so say nothing of the checks that visit pages.
        first: The score before anything was mended or excused.
    """

    known: int
    judged: int
    killed: int
    undecided: int
    first: Score
    unbuilt: int = 0
    survivors: tuple[Survivor, ...] = ()

    @property
    def excused(self) -> int:
        """How many are not for these checks to find."""
        return sum(survivor.is_excused or survivor.later > 0 for survivor in self.survivors)

    @property
    def unexcused(self) -> int:
        """How many these checks should have found."""
        return len(self.survivors) - self.excused

    @property
    def score(self) -> float:
        """The share of those that matter that were killed."""
        matter = self.judged - self.excused
        return self.killed / matter if matter else 0.0


class Repeats(msgspec.Struct, frozen=True, kw_only=True):
    """How one right app fared again and again on a busy machine.

    Attributes:
        runs: How often it was judged.
        checks: How many verdicts of single checks that makes.
        changed: How many of them were not as most.
        flaky: The checks that they were of.
        p50: Seconds of the run in the middle.
        p95: Seconds that 95 of 100 runs keep below.
    """

    runs: int
    checks: int
    changed: int
    flaky: tuple[str, ...]
    p50: float
    p95: float

    @property
    def judged(self) -> int:
        """How many verdicts these are."""
        return self.runs


class LessonFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one lesson.

    Attributes:
        judge: Which version of the checks there was when they were written.
        older: How many verdicts of each kind are of an earlier version; kinds without are left out.
        disk: How the solution fared again and again while the disks were busy.
    """

    lesson: int
    judge: str
    older: dict[str, int]
    right: Right | None = None
    wrong: Wrong | None = None
    mutants: Mutants | None = None
    repeats: Repeats | None = None
    disk: Repeats | None = None

    def count_older(self, kind: str, judge: str) -> int:
        """Return how many verdicts of a kind are of another version of the checks than this."""
        if self.judge == judge:
            return self.older.get(kind, 0)
        found: Right | Wrong | Mutants | Repeats | None = getattr(self, kind)
        return found.judged if found else 0


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement.

    Attributes:
        date: ISO 8601, the day in UTC on which it ended.
        versions: What was used, by its name.
        machine: What it ran on.
    """

    format: str = FORMAT
    date: str
    versions: dict[str, str]
    machine: str
    lessons: tuple[LessonFigures, ...]


def read_figures(file: Path) -> Figures | None:
    """Return the figures that were kept last, None when there are none."""
    return msgspec.json.decode(file.read_bytes(), type=Figures) if file.exists() else None


def write_figures(figures: Figures, file: Path) -> None:
    """Keep the figures, in a form whose changes git shows line by line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(figures), indent=1)
    file.write_bytes(text + b"\n")
