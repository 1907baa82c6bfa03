"""Judge what has no verdict yet."""

import os
import tempfile
from collections.abc import Generator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import inf
from pathlib import Path

from checker.paths import CoursePaths
from checker.trust.busy import keep_busy, keep_disks_busy
from checker.trust.judging import Specimen, judge_all
from checker.trust.kept import Shelf, Verdict
from checker.trust.scope import hash_judge
from checker.trust.specimens import (
    list_mutant_apps,
    list_repeats,
    list_right_apps,
    list_wrong_apps,
)

KINDS = ("right", "wrong", "mutants", "repeats", "disk")
SAMPLED = {"wrong", "mutants"}
ON_SLOW_DISK = 10  # repeats: enough to see whether a time limit is meant for a quick disk


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be judged.

    Attributes:
        lessons: The lessons' numbers.
        kinds: Which of KINDS.
        sample: Of wrong apps and mutants, one in so many.
        times: How often each solution is judged, to look for verdicts that change.
        jobs: How many apps are judged at once; on busy disks they come one by one.
        minutes: After how long nothing more is begun.
        takes_older: Whether verdicts of an earlier version of the checks count.
    """

    paths: CoursePaths
    lessons: tuple[int, ...]
    kinds: tuple[str, ...] = KINDS
    sample: int = 1
    times: int = 1
    jobs: int = 1
    minutes: float = inf
    takes_older: bool = False


class Bench:
    """The apps of one kind in one lesson, and their verdicts.

    Args:
        order: What is to be judged.
        kind: One of KINDS.
        lesson: The lesson's number.
    """

    def __init__(self, order: Order, kind: str, lesson: int) -> None:
        self._order = order
        self._kind = kind
        self._shelf = Shelf(order.paths, kind, lesson)
        self._judge = hash_judge(order.paths, lesson)
        self.specimens = list_specimens(order, kind, lesson)

    def find(self, specimen: Specimen) -> Verdict | None:
        """Return the kept verdict, None when there is none that counts."""
        verdict = self._shelf.find(specimen.key)
        is_old = verdict is not None and verdict.judge != self._judge
        return None if is_old and not self._order.takes_older else verdict

    def find_all(self) -> dict[str, Verdict]:
        """Return every kept verdict that counts, by the specimen's name."""
        found = {specimen.name: self.find(specimen) for specimen in self.specimens}
        return {name: verdict for name, verdict in found.items() if verdict is not None}

    def count_older(self) -> int:
        """Return how many of the verdicts that count are of an earlier version."""
        return sum(verdict.judge != self._judge for verdict in self.find_all().values())

    def list_missing(self) -> list[Specimen]:
        """Return what is still to be judged."""
        step = self._order.sample if self._kind in SAMPLED else 1
        return [one for one in self.specimens[::step] if self.find(one) is None]

    def judge_missing(self) -> Generator[tuple[Specimen, Verdict | str], None, None]:
        """Judge what is missing, and yield each with its verdict as it comes."""
        missing = self.list_missing()
        jobs = self._order.jobs if self._kind != "disk" else 1
        with self._keep_busy() if missing else nullcontext():
            yield from judge_all(missing, self._shelf, self._order.paths, jobs)

    def _keep_busy(self) -> AbstractContextManager[None]:
        """Give the machine the other work that this kind is judged beside."""
        if self._kind == "repeats":
            return keep_busy(count_idle_cores(self._order.jobs))
        if self._kind == "disk":
            return keep_disks_busy([self._order.paths.cache, Path(tempfile.gettempdir())])
        return nullcontext()


def count_idle_cores(jobs: int) -> int:
    """Return how many cores need other work to be busy while one of so many judges looks on."""
    return max(0, (os.cpu_count() or 1) - (jobs - 1))


def list_specimens(order: Order, kind: str, lesson: int) -> list[Specimen]:
    """Return all apps of one kind in one lesson; of repeats, as many as are ordered."""
    if kind == "right":
        return list(list_right_apps(order.paths, lesson))
    if kind == "wrong":
        return list(list_wrong_apps(order.paths, lesson))
    if kind == "mutants":
        return list(list_mutant_apps(order.paths, lesson))
    times = min(order.times, ON_SLOW_DISK) if kind == "disk" else order.times
    return list(list_repeats(order.paths, lesson, times))
