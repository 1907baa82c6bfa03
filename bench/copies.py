"""Copy the repository as git knows it, and forget what makes a second run faster than a first."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from measure import Place

ROOT = Path(__file__).resolve().parent.parent
SPEAKS_UTF8 = {"PYTHONUTF8": "1"}
WARM_SECONDS = 20  # how long the course's warm process waits for the next run before it ends


def copy_repository(target: Path) -> None:
    """Copy what is committed or could be: no environments, no caches, no workspace."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in os.fsdecode(listed.stdout).split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def make_place(clone: Path, scratch: Path) -> Place:
    """Return a place with caches of its own: nothing is found there that was left elsewhere.

    Args:
        clone: The copy of the repository, or the repository itself.
        scratch: Holds the caches and the temporary files, the warm process's socket among them.
    """
    (scratch / "tmp").mkdir(parents=True, exist_ok=True)
    kept = {name: "" for name in os.environ if name.startswith(("COURSE_", "PYTEST_"))}
    return Place(
        clone,
        kept
        | SPEAKS_UTF8
        | {
            "COURSE_CACHE": str(scratch / "cache"),
            "COURSE_WORKSPACE": str(scratch / "workspace"),
            "COURSE_POSTGRES_IDLE": str(WARM_SECONDS),
            "COURSE_WARM_SECONDS": str(WARM_SECONDS),
            "PIP_NO_CACHE_DIR": "1",
            "PYTHONDONTWRITEBYTECODE": "",
            "TMPDIR": str(scratch / "tmp"),
            "UV_CACHE_DIR": str(scratch / "uv"),
        },
    )


def forget_bytecode(clone: Path) -> None:
    """Remove what Python compiled of the course itself; set-up compiles the packages."""
    for folder in (clone / "checker", clone / "solutions"):
        for cache in folder.rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)


def find_python(environment: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def start_course(*arguments: str) -> list[str]:
    """Return the command line that starts the course as its users do."""
    launcher = [sys.executable, "course"] if sys.platform == "win32" else ["./course"]
    return [*launcher, *arguments]
