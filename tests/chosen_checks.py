"""Choose the checks that an app of some lesson meets in a test."""

from checker.checks.declare import CheckInfo
from checker.judge.plan import find_wants, list_checks

FIRST_WITH_PAGES = 4


def choose_own(lesson: int, *, with_engine: bool = True) -> list[str]:
    """Return the options that leave a lesson's own checks, with what they need; none for all.

    The lessons before the first with pages take seconds, and are always run.

    Args:
        lesson: The number of the lesson.
        with_engine: False leaves out what builds and runs containers.
    """
    own = tuple(info for info in list_checks() if info.lesson == lesson)
    return [] if lesson < FIRST_WITH_PAGES else name_checks(own, with_engine=with_engine)


def choose_first_task(lesson: int) -> list[str]:
    """Return the options that leave the checks of a lesson's first task, but for an engine's."""
    first = tuple(info for info in list_checks() if info.task == f"L{lesson}.1")
    return [] if lesson < FIRST_WITH_PAGES else name_checks(first, with_engine=False)


def name_checks(infos: tuple[CheckInfo, ...], *, with_engine: bool) -> list[str]:
    """Return the options that leave these checks, with those of an engine or without."""
    chosen = [info.id for info in infos if with_engine or "lab" not in find_wants(info)]
    return [part for name in chosen for part in ("--only", name)]
