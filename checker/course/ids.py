"""Keep the ids of tasks and checks permanent: marks, reports and links name them."""

from collections import Counter
from collections.abc import Iterator

from checker.course.manifest import Lesson
from checker.paths import CoursePaths

HEAD = "# Every id that a task or a check was ever given. ./course build adds; nobody removes.\n"


def list_ids(lessons: tuple[Lesson, ...]) -> list[str]:
    """Return the ids of the course as it is, tasks first, in the order of the lessons."""
    from checker.judge.plan import list_checks

    tasks = [task.id for lesson in lessons for task in lesson.tasks]
    return tasks + [info.id for info in list_checks()]


def record_ids(paths: CoursePaths, lessons: tuple[Lesson, ...]) -> bool:
    """Add new ids to the record, and tell whether there were any."""
    recorded = read_record(paths)
    new = [name for name in list_ids(lessons) if name not in recorded]
    if new:
        lines = "".join(f"{name}\n" for name in [*recorded, *new])
        paths.ids.write_text(HEAD + lines, encoding="utf-8")
    return bool(new)


def check_ids(paths: CoursePaths, lessons: tuple[Lesson, ...]) -> Iterator[str]:
    """Every id is there once, is recorded, and stays for good."""
    present = list_ids(lessons)
    recorded = read_record(paths)
    for name, count in Counter(present).items():
        if count > 1:
            yield f"The id {name} is given {count} times."
    for name in recorded:
        if name not in present:
            yield f"The id {name} is gone. Ids are permanent: give the task or check its id again."
    for name in present:
        if name not in recorded:
            yield f"The id {name} is not recorded. Run ./course build."


def read_record(paths: CoursePaths) -> list[str]:
    """Return the recorded ids, the oldest first; none before the first build."""
    if not paths.ids.is_file():
        return []
    lines = paths.ids.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
