"""Merge three versions of one file as git would."""

from pathlib import Path
from tempfile import TemporaryDirectory

from checker.workspace.git import Git

# `git merge-file` answers with the number of conflicts; anything above is an error.
MANY_CONFLICTS = 127


def merge_contents(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return the merged file, or None when both sides changed the same lines."""
    names = ("ours", "base", "theirs")
    with TemporaryDirectory(prefix="course-merge-") as name:
        folder = Path(name)
        for file, content in zip(names, (ours, base, theirs), strict=True):
            (folder / file).write_bytes(content)
        answer = Git(folder).execute(
            ["merge-file", "--stdout", "--quiet", *names], accept=range(MANY_CONFLICTS + 1)
        )
    return answer.out if answer.code == 0 else None
