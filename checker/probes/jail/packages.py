"""Find the packages of a frontend among those that the course has installed itself.

In a cell there is no network, and a package is code of its author: a frontend whose lock asks for
something else is refused, by the names of what it asks for.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.node.packages import (
    FrontendError,
    find_home,
    install_packages,
    read_manifests,
)
from checker.probes.node.tools import NodeTools

LOCK = "package-lock.json"
MOST_NAMED = 5
BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
MEND = "Use the packages and versions of the course's own frontend: package-lock.json has them."


def list_frontends(paths: CoursePaths) -> Iterator[Path]:
    """Yield the frontends of the solutions, the newest first."""
    for lock in sorted(paths.solutions.glob(f"*/frontend/{LOCK}"), reverse=True):
        yield lock.parent


def install_course_packages(paths: CoursePaths, tools: NodeTools) -> None:
    """Install what any frontend may have, while there is a network."""
    for frontend in list_frontends(paths):
        install_packages(frontend, paths.cache, tools)


def find_packages(frontend: Path, paths: CoursePaths, tools: NodeTools) -> Path:
    """Return the folder of packages that has all that a frontend asks for.

    Raises:
        FrontendError: it asks for others, or its lock cannot be read.
        ProbeError: the course's own are not installed.
    """
    read_manifests(frontend)
    wanted = read_lock(frontend / LOCK)
    foreign: set[str] = set()
    for course in list_frontends(paths):
        known = read_lock(course / LOCK)
        foreign = {name for name, facts in wanted.items() if known.get(name) != facts}
        if not foreign:
            return find_installed(course, paths, tools)
    names = sorted(name.rpartition("node_modules/")[2] for name in foreign)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    raise FrontendError(
        f"packages that the grader has not allowed: {', '.join(names[:MOST_NAMED])}{more}", MEND
    )


def find_installed(course: Path, paths: CoursePaths, tools: NodeTools) -> Path:
    """Return the folder of a solution's packages.

    Raises:
        ProbeError: they are not installed.
    """
    home = find_home(course, paths.cache, tools)
    if not (home / "complete").exists():
        raise ProbeError("the frontend's packages are not installed", "Start the grader again.")
    return home / "site" / "node_modules"


def read_lock(file: Path) -> dict[str, tuple[str, str]]:
    """Return the version and the hash of every package of a lock.

    Raises:
        FrontendError: it is no lock.
    """
    try:
        document: Any = msgspec.json.decode(file.read_bytes())
        packages = document["packages"]
        return {
            name: (f"{facts.get('version')}", f"{facts.get('integrity')}")
            for name, facts in packages.items()
            if name
        }
    except BROKEN as error:
        raise FrontendError(f"frontend/{LOCK} is no lock of npm: {error}", MEND) from error
