"""Let submissions use packages that their grader has looked at, beside the course's own."""

import hashlib
import re
from pathlib import Path

from checker.course.finished import APP_LOCK, find_app_requirements
from checker.errors import UsageError
from checker.paths import CoursePaths
from checker.probes.environment import make_own_environment
from checker.probes.requirements import RequirementsError, read_requirements_file

PIN = re.compile(r"[\w.-]+(?:\[[\w,.-]+\])?==[^\s*;]+(?:\s*;.+)?")
MEND = "Write one package a line with its exact version: httpx==0.28.1"


def read_allowed(file: Path) -> str:
    """Return the packages of a file.

    Raises:
        UsageError: it cannot be read, or a line is no package with an exact version.
    """
    try:
        text, _ = read_requirements_file(file.absolute(), file.absolute().parent)
    except (OSError, RequirementsError) as error:
        raise UsageError(f"the list {file} cannot be used: {error}", MEND) from error
    lines = sorted({bare for line in text.splitlines() if (bare := line.partition("#")[0].strip())})
    for line in lines:
        if not PIN.fullmatch(line):
            raise UsageError(f"the list {file} has a line that pins no version: {line}", MEND)
    return "".join(f"{line}\n" for line in lines)


def make_environment(allowed: str, paths: CoursePaths) -> Path:
    """Return the Python of an environment with the course's packages and those of the list.

    It is made before anything is graded, of wheels, once: a submission chooses from what is
    there, and nothing is installed for it. Only in a jail does any code of a package run.

    Raises:
        UsageError: they do not fit together, or cannot be had.
        ProbeError: they could not be fetched.
    """
    app = (paths.root / find_app_requirements(paths.root)).read_text(encoding="utf-8")
    lock = (paths.root / APP_LOCK).read_text(encoding="utf-8")
    pins = "".join(f"{pin}\n" for pin in re.findall(r"^(\S+==[^\\\n]+?) ?\\?$", lock, re.MULTILINE))
    try:
        return make_own_environment(app + allowed, pins, paths).python
    except RequirementsError as error:
        raise UsageError(
            f"the packages that were allowed do not fit the course's: {error}",
            "Choose versions that fit: locks/app.lock has the course's.",
        ) from error


def mark_version(version: str, allowed: str) -> str:
    """Return the version of what judges, which is another one with other packages."""
    digest = hashlib.sha256(allowed.encode()).hexdigest()[:8]
    return f"{version}+{digest}" if allowed else version
