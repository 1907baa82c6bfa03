"""Choose the apps to judge: right ones, wrong ones, mutants, and one app again and again."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from checker.paths import CoursePaths
from checker.trust.edits import Mutant
from checker.trust.excuses import EXCUSES, find_excuse, read_excuses
from checker.trust.judging import Specimen
from checker.trust.kept import Shelf, hash_app, hash_files
from checker.trust.mutants import find_mutants, find_solution, list_mutants
from checker.trust.scope import choose_checks
from tests.apps.build_app import (
    APPS,
    SOLUTION,
    build_right,
    build_wrong,
    find_base,
    list_right,
    list_wrong,
    name_app,
    read_over,
    read_wrong,
)


def list_right_apps(paths: CoursePaths, lesson: int) -> Iterator[Specimen]:
    """Yield the solution of a lesson and its right apps."""
    only = choose_checks(lesson)
    solution = find_solution(paths, lesson)
    yield Specimen(f"{lesson:02}/solution", hash_app(solution), lesson, lambda _: solution, only)
    for app in list_right():
        if int(app.parent.name) == lesson:
            key = "-".join(map(hash_app, (app, solution, *list_named(app))))
            yield Specimen(name_app(app), key, lesson, partial(build_right, app), only)


def list_named(app: Path) -> list[Path]:
    """Return the other right app that this one is laid over, if there is one."""
    over, _ = read_over(app)
    return [APPS / "right" / over] if over not in {"", SOLUTION} else []


def list_wrong_apps(paths: CoursePaths, lesson: int) -> Iterator[Specimen]:
    """Yield the wrong apps of a lesson; one is known by all that it is made of.

    One meets the checks up to the one that is to name its fault: what comes later in the report
    tells nothing more, and an app that only later checks would refuse counts as accepted.
    """
    checks = choose_checks(lesson)
    solution = find_solution(paths, lesson)
    for spec in list_wrong():
        if int(spec.parent.name) == lesson:
            wrong = read_wrong(spec)
            made_of = dict.fromkeys((solution, find_base(wrong)))
            key = "-".join((hash_files([spec]), *map(hash_app, made_of)))
            build = partial(build_from, build_wrong, spec)
            only = cut_after(checks, wrong.first)
            yield Specimen(name_app(spec), key, lesson, build, only)


def cut_after(checks: tuple[str, ...], last: str) -> tuple[str, ...]:
    """Return the checks up to this one; all of them when it is of an earlier lesson."""
    return checks[: checks.index(last) + 1] if last in checks else checks


def build_from(build: Callable[[Path, Path], object], spec: Path, target: Path) -> Path:
    """Write a wrong app, and return where it lies."""
    build(spec, target)
    return target


def list_mutant_apps(paths: CoursePaths, lesson: int) -> Iterator[Specimen]:
    """Yield the mutants of a lesson, and those of earlier ones that survive there, unexcused.

    One failure tells enough of each.
    """
    solution = find_solution(paths, lesson)
    only = choose_checks(lesson)
    for mutant in (*list_mutants(paths, lesson), *list_carried(paths, lesson)):
        build = partial(build_mutant, solution, mutant)
        yield Specimen(f"{lesson:02}/{mutant.id}", mutant.id, lesson, build, only, stops=True)


def list_carried(paths: CoursePaths, lesson: int) -> list[Mutant]:
    """Return the survivors of the lessons before that this lesson's checks may find."""
    excuses = read_excuses(paths.root / EXCUSES)
    shelves = [Shelf(paths, "mutants", earlier) for earlier in range(1, lesson)]
    if all(shelf.is_empty() for shelf in shelves):
        return []
    found = (mutant for mutant in find_mutants(paths, lesson) if not find_excuse(mutant, excuses))
    return [mutant for mutant in found if any(survives(mutant, shelf) for shelf in shelves)]


def survives(mutant: Mutant, shelf: Shelf) -> bool:
    """Tell whether a mutant passed the checks of a lesson."""
    verdict = shelf.find(mutant.id)
    return verdict is not None and verdict.code == 0


def build_mutant(solution: Path, mutant: Mutant, target: Path) -> Path:
    """Write the solution with one file changed."""
    shutil.copytree(solution, target)
    (target / mutant.file).write_bytes(mutant.content)
    return target


def list_repeats(paths: CoursePaths, lesson: int, times: int) -> Iterator[Specimen]:
    """Yield the solution of a lesson again and again."""
    solution = find_solution(paths, lesson)
    only = choose_checks(lesson)
    prefix = hash_app(solution)
    for number in range(1, times + 1):
        name = f"{lesson:02}/solution, run {number}"
        yield Specimen(name, f"{prefix}-{number:04}", lesson, lambda _: solution, only)
