"""Take a copy of the learner's app, so that nothing that runs can change the original."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

LEFT_OUT_FOLDERS = frozenset(
    {".git", ".venv", "venv", "env", "__pycache__", "node_modules", ".next", ".mypy_cache"}
    | {".pytest_cache", ".ruff_cache"}
)
MOST_FILES = 5000
MOST_BYTES = 100 << 20


class SubmissionError(Exception):
    """The folder is no app that could be copied; the text says why."""


def copy_app(source: Path, target: Path) -> None:
    """Copy an app as git would carry it: no environments, no `.env`, no link that leads outside.

    Raises:
        SubmissionError: more than MOST_FILES files or MOST_BYTES bytes, or a file that cannot be
            read.
    """
    total = 0
    for number, path in enumerate(walk_files(source), start=1):
        total += path.stat().st_size
        if number > MOST_FILES or total > MOST_BYTES:
            raise SubmissionError(
                f"more than {MOST_FILES} files or {MOST_BYTES >> 20} MiB, environments left out"
            )
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise SubmissionError(f"{path.relative_to(source)}: {error.strerror}") from error


def walk_files(source: Path) -> Iterator[Path]:
    """Yield the regular files of an app, in order."""
    inside = source.resolve()
    for folder, folders, files in os.walk(source):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT_FOLDERS)
        for name in sorted(files):
            path = Path(folder) / name
            if is_secret_file(name) or not path.is_file():
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                continue
            yield path


def is_secret_file(name: str) -> bool:
    """Tell whether git must not carry this file: `.env` and its variants, the example apart."""
    return name == ".env" or (name.startswith(".env.") and name != ".env.example")
