"""Choose the checks that an app of some lesson meets in a test."""

from checker.judge.plan import find_wants, list_checks

FIRST_WITH_PAGES = 4


def choose_own(lesson: int, *, with_engine: bool = True) -> list[str]:
    """Return the options that leave a lesson's own checks, with what they need; none for all.

    The lessons before the first with pages take seconds, and are always run.

    Args:
        lesson: The number of the lesson.
        with_engine: False leaves out what builds and runs containers.
    """
    own = [info for info in list_checks() if info.lesson == lesson]
    if lesson < FIRST_WITH_PAGES:
        return []
    chosen = [info.id for info in own if with_engine or "lab" not in find_wants(info)]
    return [part for name in chosen for part in ("--only", name)]
