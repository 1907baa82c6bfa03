"""A course of three small lessons, for tests of the tools that build and issue lessons."""

import shutil
import subprocess
from pathlib import Path

from checker.paths import CoursePaths

SOURCE = Path(__file__).parent / "fixtures" / "small_course"


def make_course(folder: Path) -> CoursePaths:
    """Copy the small course into a folder, where a test may change it."""
    root = folder / "course"
    shutil.copytree(SOURCE, root)
    return CoursePaths(root=root, workspace=folder / "workspace", cache=folder / "cache")


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text that the file has once."""
    text = file.read_text()
    assert text.count(old) == 1, (file, old)
    file.write_text(text.replace(old, new))


def git(folder: Path, *arguments: str, stdin: str = "") -> str:
    """Run git as a learner would, in a folder."""
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\n")


def read_files(folder: Path) -> dict[str, bytes]:
    """Read every file of a workspace but git's own."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and ".git" not in file.relative_to(folder).parts
    }
