"""Merge three versions of one file as git would, whatever line ends an editor gave them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from checker.workspace.git import Git

# `git merge-file` answers with the number of conflicts; anything above is an error.
MANY_CONFLICTS = 127


def merge_contents(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return the merged file, with the line ends of ours; None when both changed the same lines."""
    merged = merge_lines(*map(use_newlines, (base, ours, theirs)))
    if merged is None or b"\r\n" not in ours:
        return merged
    return merged.replace(b"\n", b"\r\n")


def use_newlines(content: bytes) -> bytes:
    """Return a file's content with the line ends of Unix, whatever an editor has written."""
    return content.replace(b"\r\n", b"\n")


def merge_lines(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
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
