"""Write commits from trees in memory, without touching the files on disk."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from checker.course.difference import find_mode
from checker.course.layers import Tree
from checker.workspace.git import Git
from checker.workspace.identity import Person


@dataclass(frozen=True)
class NewCommit:
    """A commit to be written.

    Attributes:
        parents: The first gives the files that stay; none on a branch's first commit.
        files: What is written, or all there is when `is_whole`.
        removed: Files that go.
    """

    message: str
    author: Person
    files: Tree
    parents: tuple[str, ...] = ()
    removed: frozenset[str] = field(default_factory=frozenset)
    is_whole: bool = False


def write_commits(git: Git, ref: str, commits: Iterable[NewCommit]) -> str:
    """Write commits and make the ref point at the last; return it.

    From the second on, a commit that names no parent follows the one before it.
    """
    stream = b"".join(part for commit in commits for part in format_commit(ref, commit))
    git.run("fast-import", "--quiet", "--done", stdin=stream + b"done\n")
    return git.read("rev-parse", ref)


def format_commit(ref: str, commit: NewCommit) -> Iterator[bytes]:
    """Yield the commit in the format of `git fast-import`."""
    yield f"commit {ref}\ncommitter {commit.author} {int(time.time())} +0000\n".encode()
    yield format_data(commit.message.encode())
    for word, parent in zip(("from", "merge"), commit.parents, strict=False):
        yield f"{word} {parent}\n".encode()
    if commit.is_whole:
        yield b"deleteall\n"
    for path in sorted(commit.removed):
        yield f"D {path}\n".encode()
    for path, content in sorted(commit.files.items()):
        yield f"M {find_mode(content)} inline {path}\n".encode()
        yield format_data(content)


def format_data(content: bytes) -> bytes:
    """Write bytes with their length before them."""
    return b"data %d\n%b\n" % (len(content), content)
