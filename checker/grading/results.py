"""What the runs over submissions came to, one line of a file each, kept through every crash."""

import hashlib
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from checker.errors import CourseError
from checker.judge.results import Report

FORMAT = "course/run/v1"
LONGEST_REASON = 300  # signs: some come from a submission


class Status(StrEnum):
    """How a run ended; `error` is ours or the machine's and never a mark."""

    GRADED = "graded"
    REFUSED = "refused"
    ERROR = "error"


class RunKey(msgspec.Struct, frozen=True, order=True):
    """What a run is about: the same key has the same verdict.

    Attributes:
        submission: The hash of what was handed in.
        lesson: The checks of lessons 1 to this one.
        checker: The version of everything that judges.
        round: Counts how often the grader asked for all to be done anew.
    """

    submission: str
    lesson: int
    checker: str
    round: int

    @property
    def id(self) -> str:
        """A short name for it, by which a verdict can be replayed."""
        facts = f"{self.submission} {self.lesson} {self.checker} {self.round}"
        return hashlib.sha256(facts.encode()).hexdigest()[:12]

    def draw_seed(self, batch: int) -> int:
        """Return the seed of the random inputs: another one for each submission."""
        digest = hashlib.sha256(f"{batch} {self.submission} {self.lesson}".encode()).digest()
        return int.from_bytes(digest[:4])


class RunResult(msgspec.Struct, frozen=True, kw_only=True):
    """One run over one submission.

    Attributes:
        attempt: 1 for the first; an error is tried again.
        seed: What the random inputs came from.
        reason: Why there is no report; its first LONGEST_REASON signs.
        report: What the checks found; None when it was refused, or nothing could be found out.
        seconds: Wall time.
        slowdown: How many times longer work took than on an idle machine, in the worst moments.
    """

    format: str = FORMAT
    id: str
    key: RunKey
    attempt: int
    seed: int
    status: Status
    reason: str = ""
    report: Report | None = None
    seconds: float = 0.0
    slowdown: float = 1.0

    def __post_init__(self) -> None:
        """Cut the reason, wherever it is from."""
        if len(self.reason) > LONGEST_REASON:
            msgspec.structs.force_setattr(self, "reason", f"{self.reason[: LONGEST_REASON - 1]}…")


class ResultFile:
    """The file of the results: only added to, and on the disk before anybody is told.

    Args:
        path: JSON Lines. A last line without an end was being written when the machine stopped, and
            is cut off.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._latest: dict[RunKey, RunResult] = {}
        if path.exists():
            cut_torn_line(path)
            for result in read_results(path):
                self._latest[result.key] = result

    def find(self, key: RunKey) -> RunResult | None:
        """Return the last result of a run."""
        return self._latest.get(key)

    def find_by_id(self, name: str) -> RunResult | None:
        """Return the last result of the run with this id."""
        return next((result for result in self._latest.values() if result.id == name), None)

    def add(self, result: RunResult) -> None:
        """Write a result, and return when it is on the disk."""
        is_new = not self._path.exists()
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(result) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self._path.parent)
        self._latest[result.key] = result


def read_results(path: Path) -> Iterator[RunResult]:
    """Yield the results of a file.

    Raises:
        CourseError: a line is none of ours.
    """
    decoder = msgspec.json.Decoder(RunResult)
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise CourseError(
                    f"{path}, line {number} is no result: {error}",
                    "Move the folder away and grade anew, or take the line out.",
                ) from error


def cut_torn_line(path: Path) -> None:
    """Cut off what comes after the last line end."""
    with path.open("rb+") as file:
        content = file.read()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            file.truncate(whole)
            os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Let the name of a new file survive a crash too."""
    if os.name == "nt":  # a folder cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
