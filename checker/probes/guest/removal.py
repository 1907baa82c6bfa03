"""Delete a folder that somebody else has filled. Standard library only."""

import contextlib
import os
import shutil
import stat
from pathlib import Path


def remove_tree(folder: Path) -> None:
    """Delete a folder with everything in it, as far as this user may; a missing one is fine.

    Folders without rights, and folders nested deeper than a path can name, do not stop it.
    """
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
        return
    with contextlib.suppress(OSError):
        number = 0
        while entries := list_entries(folder):
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    number = lift(Path(entry.path), folder, number)
                else:
                    Path(entry.path).unlink()
        folder.rmdir()


def list_entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what a folder holds, whatever its rights were."""
    folder.chmod(stat.S_IRWXU)
    with os.scandir(folder) as entries:
        return list(entries)


def lift(folder: Path, target: Path, number: int) -> int:
    """Move what a folder holds up to another one, under numbers for names, and delete it."""
    for entry in list_entries(folder):
        number += 1
        Path(entry.path).rename(target / f".lifted-{number}")
    folder.rmdir()
    return number
