"""Say which checks judge the apps of a lesson, and whether they have changed."""

import re
from collections.abc import Iterable
from pathlib import Path

from checker.judge.plan import list_checks, plan_checks
from checker.paths import CoursePaths
from checker.trust.kept import hash_files

JUDGED_BY = ("checks", "judge", "probes")  # folders of checker/ that a verdict depends on
FIRST_WITH_PAGES = 4  # from here on an app meets its own lesson's checks: all take minutes
FIRST_USE = {  # folders and modules of probes/, and what the judge loads of checks/ for pages
    "listener": 3,
    "postgres": 3,
    "browser": 4,
    "node": 4,
    "strain": 4,
    "page_fixtures": 4,
    "visitors": 4,
    "visits": 4,
    "model": 5,
    "containers": 6,
    "hub": 7,
}

USES = re.compile(r"\bchecker\.checks\.(\w+)")


def choose_checks(lesson: int) -> tuple[str, ...]:
    """Return the ids of the checks that judge an app of a lesson."""
    judging = {lesson} if lesson >= FIRST_WITH_PAGES else set(range(1, lesson + 1))
    return tuple(info.id for info in list_checks(judging))


def hash_judge(paths: CoursePaths, lesson: int) -> str:
    """Return a short hash of all that judges a lesson, which is not what later ones begin with."""
    folders = [paths.root / "checker" / name for name in JUDGED_BY]
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    asked = {info.module for info in plan_checks(lesson, choose_checks(lesson))}
    checks, judge, _ = folders
    used = find_used(checks, [*judge.glob("*.py"), *(checks / f"{name}.py" for name in asked)])
    later = {name for name, first in FIRST_USE.items() if first > lesson}
    return hash_files(
        path
        for path in files
        if path.suffix != ".pyc"
        and (path.parent != checks or path.stem in asked | used)
        and not later & {path.stem, path.parent.name}
    )


def find_used(checks: Path, files: Iterable[Path]) -> set[str]:
    """Return the names of the modules in a folder of checks that files import, directly or not."""
    used: set[str] = set()
    waiting = list(files)
    while waiting:
        found = set(USES.findall(waiting.pop().read_text(encoding="utf-8"))) - used
        used |= found
        waiting += (checks / f"{name}.py" for name in found)
    return used
