"""Take a copy of the learner's app, so that nothing that runs can change the original."""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from checker.errors import ProbeError

LEFT_OUT_FOLDERS = frozenset(
    {".git", ".venv", "__pycache__", "node_modules", ".next", ".mypy_cache"}
    | {".pytest_cache", ".ruff_cache"}
)
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist")
MAKES_LINKS = sys.platform != "win32"  # there it takes a right that few users have
MAKE_READABLE = "Give yourself the right to read it, or move it out of the app's folder."
MOST_FILES = 5000
MOST_BYTES = 100 << 20


class SubmissionError(Exception):
    """The folder is no app that could be copied.

    Args:
        got: Why.
        next_step: What to do about it.
    """

    def __init__(self, got: str, next_step: str) -> None:
        super().__init__(got)
        self.next_step = next_step


def copy_app(source: Path, target: Path) -> None:
    """Copy an app as git would carry it: no environments, no `.env`, no link that leads outside.

    Raises:
        SubmissionError: more than MOST_FILES files or MOST_BYTES bytes, or something that cannot be
            read.
        ProbeError: the copy cannot be written.
    """
    for path in list_app_files(source):
        copy_file(path, target / path.relative_to(source), source)


def list_app_files(source: Path) -> list[Path]:
    """Return what is copied: files, and links to folders inside; nothing is read yet."""
    found: list[Path] = []
    total = 0
    for path in walk(source):
        found.append(path)
        total += measure(path)
        if len(found) > MOST_FILES or total > MOST_BYTES:
            raise SubmissionError(
                f"more than {MOST_FILES} files or {MOST_BYTES >> 20} MiB, environments left out",
                "Move what is not source code out of the app's folder.",
            )
    return found


def walk(source: Path) -> Iterator[Path]:
    """Yield the regular files of an app and its links to folders, in order."""
    inside = source.resolve()
    for folder, folders, files in walk_folders(source):
        links = [name for name in folders if MAKES_LINKS and Path(folder, name).is_symlink()]
        for name in sorted([*files, *links]):
            path = Path(folder, name)
            if is_secret_file(name) or not (path.is_file() or name in links):
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                continue
            yield path


def walk_folders(source: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield the folders that a learner writes in, with the names of what is in them."""
    for folder, folders, files in os.walk(source, onerror=refuse_folder):
        folders[:] = sorted(name for name in folders if not is_made(Path(folder, name)))
        yield Path(folder), folders, files


def is_made(folder: Path) -> bool:
    """Tell whether a tool made the folder: a virtual environment may have any name."""
    return folder.name in LEFT_OUT_FOLDERS or (folder / "pyvenv.cfg").is_file()


def find_secret_files(source: Path) -> Iterator[str]:
    """Yield the paths of `.env` and its variants, from the app's folder on."""
    for folder, _, files in walk_folders(source):
        for name in sorted(files):
            if is_secret_file(name):
                yield (folder / name).relative_to(source).as_posix()


def measure(path: Path) -> int:
    """Return the bytes that a copy takes, 0 for a link to a folder."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError as error:
        raise SubmissionError(f"{path.name}: {error.strerror}", MAKE_READABLE) from error


def refuse_folder(error: OSError) -> None:
    """Refuse an app with a folder that cannot be read."""
    raise SubmissionError(f"{error.filename}: {error.strerror}", MAKE_READABLE) from error


def copy_file(path: Path, target: Path, source: Path) -> None:
    """Copy one file, or make the same link to a folder; tell apart whose fault a failure is."""
    with contextlib.ExitStack() as stack:
        try:
            reader = None if path.is_dir() else stack.enter_context(path.open("rb"))
        except OSError as error:
            name = path.relative_to(source)
            raise SubmissionError(f"{name}: {error.strerror}", MAKE_READABLE) from error
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if reader is None:
                target.symlink_to(os.path.relpath(path.resolve(), path.parent.resolve()))
                return
            with target.open("xb") as writer:  # a full disk may show only when it is closed
                shutil.copyfileobj(reader, writer)
        except OSError as error:
            raise ProbeError(
                f"the app could not be copied to {target.parent}: {error.strerror}",
                "Make room on its disk, or name another folder in the variable TMPDIR.",
            ) from error


def is_secret_file(name: str) -> bool:
    """Tell whether git must not carry this file: `.env` and its variants, examples apart."""
    return name == ".env" or (name.startswith(".env.") and name not in EXAMPLES)
