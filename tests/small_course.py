"""A course of three small lessons, for tests of the tools that build and issue lessons."""

import shutil
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
