"""Have the pages of the site built, once for each state of the course's files."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.probes.lock import hold_lock
from checker.site.build import build_for_reader

SOURCES = ("bench/README.md", "checker", "docs", "layers", "lessons", "mkdocs.yml", "solutions")
READY = "ready"
LEFT_OUT = frozenset({"__pycache__", "node_modules", ".next", ".venv"})


class Site:
    """The site of one clone, with pages once they have been built.

    Args:
        paths: The folders of the course.
        tell: Told `READY`, or why there will be no pages.
    """

    def __init__(self, paths: CoursePaths, tell: Callable[[str], None]) -> None:
        self._paths = paths
        self._tell = tell
        self._folder: Path | None = None

    @property
    def is_ready(self) -> bool:
        """Whether there are pages."""
        return self._folder is not None

    def prepare(self) -> None:
        """Build the pages unless that was done before; the first time, install what builds them."""
        try:
            self._folder = find_built(self._paths)
        except (CourseError, OSError) as error:
            reason = error.problem if isinstance(error, CourseError) else f"{error}"
            self._tell(f"The pages of the course could not be made: {reason}.")
        else:
            self._tell(READY)

    def find_file(self, path: str) -> Path | None:
        """Return the file of the site at a path, None when there is none; nothing leads out."""
        if self._folder is None or "\0" in path:  # no system has such a name
            return None
        file = (self._folder / path).resolve()
        file = file / "index.html" if file.is_dir() else file
        return file if file.is_relative_to(self._folder) and file.is_file() else None


def find_built(paths: CoursePaths) -> Path:
    """Return the folder of the site for the course's files as they are, built if it must be.

    Raises:
        CourseError: it cannot be built.
    """
    kept = (paths.cache / "serve").resolve()
    kept.mkdir(parents=True, exist_ok=True)
    site = kept / find_version(paths.root)
    with hold_lock(kept / "lock"):
        if not site.is_dir():
            fresh = kept / "fresh"
            build_for_reader(paths, fresh)
            fresh.rename(site)
            for old in set(kept.iterdir()) - {site, kept / "lock"}:
                shutil.rmtree(old, ignore_errors=True)
    return site


def find_version(root: Path) -> str:
    """Return a name for the files that the site is made of."""
    digest = hashlib.sha256()
    for file in list_sources(root):
        content = file.read_bytes()
        name = file.relative_to(root).as_posix()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def list_sources(root: Path) -> Iterator[Path]:
    """Yield the files that the site is made of, in order."""
    for source in (root / name for name in SOURCES):
        for file in [source] if source.is_file() else sorted(source.rglob("*")):
            if file.is_file() and LEFT_OUT.isdisjoint(file.relative_to(root).parts):
                yield file
