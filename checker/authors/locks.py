"""Write the locks: every package of every environment, pinned and hashed, for every platform."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checker.course.finished import APP_LOCK, find_app_requirements
from checker.errors import CourseError

JUDGE_LOCK = "requirements.lock"
AUTHORS_LOCK = "locks/authors.lock"
BROWSER_LOCK = "locks/browser.lock"
CONTAINERS_LOCK = "locks/containers.lock"
LIKENESS_LOCK = "locks/likeness.lock"
CLUSTER_LOCK = "locks/cluster.lock"
LIVE_LOCK = "locks/live.lock"
WATCH_LOCK = "locks/watch.lock"
DOCS_LOCK = "locks/docs.lock"
NOTEBOOKS_LOCK = "locks/notebooks.lock"
EXTRAS = {  # what each one adds must leave the rest of the judge's environment as it is
    "browser": BROWSER_LOCK,
    "containers": CONTAINERS_LOCK,
    "likeness": LIKENESS_LOCK,
    "cluster": CLUSTER_LOCK,
    "live": LIVE_LOCK,
    "watch": WATCH_LOCK,
}
# The authors' tests run beside the judge's code: both must see the same versions.
FOR_AUTHORS = {"authors": AUTHORS_LOCK, "docs": DOCS_LOCK}
LOCKS = (JUDGE_LOCK, *EXTRAS.values(), *FOR_AUTHORS.values(), APP_LOCK, NOTEBOOKS_LOCK)
OPTIONS = ("--universal", "--generate-hashes", "--only-binary", ":all:", "--python-version", "3.11")
# Where packages come from is the reader's business: no address may get into a lock.
WITHOUT_ADDRESSES = ("--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-config")
LOCAL_SOURCES = ("UV_FIND_LINKS", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE")


def write_locks(root: Path, *, upgrade: bool = False) -> list[Path]:
    """Bring the locks up to date and return those that changed.

    Pins that still fit stay as they are, unless `upgrade` asks for the newest versions. All locks
    are made in a copy and put in place together, when the last one is there.

    Raises:
        CourseError: there is no solution yet, or uv cannot find versions that fit together.
    """
    app = find_app_requirements(root)
    with tempfile.TemporaryDirectory(prefix="course-locks-") as folder:
        stage = Path(folder)
        for source in (Path("pyproject.toml"), app, *map(Path, LOCKS)):
            copy_if_present(root / source, stage / source)
        extra = ["--upgrade"] if upgrade else []
        compile_lock(stage, JUDGE_LOCK, ["pyproject.toml", *extra])
        done: list[str] = []
        for name, lock in {**EXTRAS, **FOR_AUTHORS}.items():
            before = [part for one in done or [JUDGE_LOCK] for part in ("--constraint", one)]
            compile_lock(stage, lock, ["pyproject.toml", "--extra", name, *before, *extra])
            done.append(lock)
        compile_lock(stage, APP_LOCK, [app.as_posix(), *extra])
        # Notebooks look at the app: they must see what it sees.
        notebooks = [app.as_posix(), "--group", "notebooks", "--constraint", APP_LOCK]
        compile_lock(stage, NOTEBOOKS_LOCK, [*notebooks, *extra])
        return [root / lock for lock in LOCKS if put_in_place(stage / lock, root / lock)]


def compile_lock(stage: Path, lock: str, sources: list[str]) -> None:
    """Let uv write one lock, in the stage, so that it names no folder of this machine."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *OPTIONS]
    command += [*WITHOUT_ADDRESSES, *sources, "--output-file", lock]
    environ = {name: value for name, value in os.environ.items() if name not in LOCAL_SOURCES}
    done = subprocess.run(
        command, cwd=stage, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CourseError(
            f"{lock} could not be made:\n{done.stderr.strip()}",
            "Change what asks for these versions, or check the network, and run ./course lock.",
        )


def copy_if_present(source: Path, target: Path) -> None:
    """Copy a file into the stage."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.exists():
        shutil.copyfile(source, target)


def put_in_place(made: Path, lock: Path) -> bool:
    """Replace a lock; tell whether it changed."""
    if lock.exists() and lock.read_bytes() == made.read_bytes():
        return False
    lock.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, lock)
    return True
