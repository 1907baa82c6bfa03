"""Tell which checks a change can affect, and which of them a learner wants to know first."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from checker.checks.declare import CheckInfo
from checker.course.manifest import Lesson
from checker.judge.plan import find_wants
from checker.judge.results import CheckResult, Outcome

PAGES = frozenset({"site", "visitors", "member"})
WHOLE = frozenset({"lab", "rehearsal"})
RUNNING = frozenset({"backend", "variants", "databases", "model", "probe", "observations", "user"})
FAILED = frozenset({Outcome.FAILED, Outcome.ERROR})
Known = Mapping[str, CheckResult]


class Subject(StrEnum):
    """What a check looks at."""

    FILES = "files"
    BACKEND = "backend"
    PAGES = "pages"
    WHOLE = "whole"


def find_subject(info: CheckInfo) -> Subject:
    """Return what a check looks at, going by what it asks for."""
    wants = find_wants(info)
    if WHOLE & wants:
        return Subject.WHOLE
    if PAGES & wants:
        return Subject.PAGES
    return Subject.BACKEND if RUNNING & wants else Subject.FILES


def find_subjects(path: str) -> frozenset[Subject]:
    """Return the subjects of the checks that a change of this file can affect.

    Pages stand on the backend, but what a change of it does to them shows in its own checks first.
    """
    folder, name = path.partition("/")[0], path.rpartition("/")[2]
    if name == "Dockerfile" or name.startswith((".docker", "docker-")):
        return frozenset({Subject.FILES, Subject.WHOLE})
    found = {"backend": Subject.BACKEND, "frontend": Subject.PAGES}.get(folder, Subject.WHOLE)
    return frozenset({Subject.FILES, found})


def find_affected(
    plan: tuple[CheckInfo, ...],
    paths: Iterable[str],
    known: Known,
    lessons: tuple[Lesson, ...],
) -> frozenset[str]:
    """Return the ids of the checks that these changes can affect.

    Those of a task that is done in a changed file are among them, and a check that did not pass is
    whatever was changed: the reason may be anywhere.
    """
    changed = set(paths)
    subjects = frozenset[Subject]().union(*(find_subjects(path) for path in changed))
    tasks = find_tasks(changed, lessons)
    return frozenset(
        info.id
        for info in plan
        if find_subject(info) in subjects or info.task in tasks or not has_passed(info, known)
    )


def find_tasks(paths: set[str], lessons: tuple[Lesson, ...]) -> set[str]:
    """Return the ids of the tasks that are done in one of these files."""
    return {t.id for lesson in lessons for t in lesson.tasks if paths.intersection(t.files)}


def choose_next(
    plan: tuple[CheckInfo, ...],
    due: frozenset[str],
    paths: Iterable[str],
    known: Known,
    lessons: tuple[Lesson, ...],
) -> tuple[str, ...]:
    """Return the ids of the checks to run next, of those that are due.

    First those that failed; else those of the tasks that are done in a changed file; else all.

    Args:
        plan: The checks of the lesson.
        due: Ids of the checks that a change has affected since they ran last.
        paths: What was changed last.
        known: The last result of each check.
        lessons: Every lesson of the course.
    """
    tasks = find_tasks(set(paths), lessons)
    failed = tuple(info.id for info in plan if info.id in due and has_failed(info.id, known))
    near = tuple(info.id for info in plan if info.id in due and info.task in tasks)
    return failed or near or tuple(info.id for info in plan if info.id in due)


def choose_glance(
    plan: tuple[CheckInfo, ...], chosen: tuple[str, ...], known: Known
) -> tuple[str, ...]:
    """Return the one check of those chosen that is run first, by itself; none for the whole choice.

    Checks of pages take a second each, and what they need as long again. So the first of them is
    run at once, without what it needs if that passed when it ran last; the rest follows. A glance
    has little patience, so a check that fails in it is run again with the rest.
    """
    first = next(info for info in plan if info.id in chosen)
    needs = [need in known and known[need].outcome is Outcome.PASSED for need in first.needs]
    return (first.id,) if find_subject(first) is Subject.PAGES and all(needs) else ()


def has_passed(info: CheckInfo, known: Known) -> bool:
    """Tell whether a check passed when it ran last; one that never ran has its first run ahead."""
    return info.id not in known or known[info.id].outcome is Outcome.PASSED


def has_failed(name: str, known: Known) -> bool:
    """Tell whether a check did not pass when it ran last, for a reason of its own."""
    return name in known and known[name].outcome in FAILED
