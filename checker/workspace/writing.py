"""Let git write over the files on disk: all of it, or what was there before."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from checker.interrupts import deferred_interrupts
from checker.workspace.git import GitError
from checker.workspace.history import read_tree
from checker.workspace.merging import use_newlines
from checker.workspace.repository import (
    MAIN_REF,
    Workspace,
    check_branch,
    check_conflicts,
    check_locks,
    check_progress,
    delete_ref,
    find_commit,
    find_unfinished,
    list_conflicts,
)
from checker.workspace.snapshot import is_folder

BEFORE_REF = "refs/course/writing/before"
"""The commit whose files are on disk, as long as the course writes others over them."""
TARGET_REF = "refs/course/writing/target"
"""A commit with the files that are brought in meanwhile."""


@dataclass(frozen=True)
class Torn:
    """What a command has left that was cut off while git wrote the files.

    Attributes:
        before: The commit whose files were on disk.
        files: Those that hold something else by now, and no work of the learner.
    """

    before: str
    files: list[str]


@contextmanager
def all_or_nothing(workspace: Workspace, target: str) -> Iterator[None]:
    """Put the files back as they were when git stops half-way: the disk is full, a file is locked.

    Git writes the files before it moves the branch, and leaves them half written when it fails. An
    interrupt waits until it is done. Two refs stand meanwhile, by which the next command puts the
    files back after a loss of power.

    Args:
        workspace: Ready, and with a snapshot taken: `main` holds everything that can be lost.
        target: A commit with every file as git is to leave it.

    Raises:
        GitError: What git said.
    """
    git = workspace.git
    with deferred_interrupts():
        git.run("update-ref", TARGET_REF, target)
        git.run("update-ref", BEFORE_REF, MAIN_REF)
        try:
            yield
        except GitError as error:
            explain_state(workspace, error)
            raise
        flush(workspace, target)
        forget(workspace)


def flush(workspace: Workspace, target: str) -> None:
    """Have the disk keep what was brought in: git sees to its own files alone."""
    changed = workspace.git.run("diff", "--name-only", "--no-renames", "-z", BEFORE_REF, target)
    for name in changed.names:
        with suppress(OSError), (workspace.path / name).open("rb+") as file:  # some are gone
            os.fsync(file.fileno())


def explain_state(workspace: Workspace, error: GitError) -> None:
    """Put the files back, and say so.

    Raises:
        GitError: They cannot be written either.
    """
    try:
        is_back = put_back(workspace)
    except GitError as second:
        raise GitError(
            f"{error.problem} It stopped half-way, and some of your files are only partly there.",
            f"{error.next_step}\n       Given again, it puts your files back first.",
        ) from second
    if is_back:
        error.next_step += "\n       Your files are as they were."


def make_ready(workspace: Workspace) -> None:
    """Refuse what stands in the way of a commit on `main`, and put back what was cut off.

    Raises:
        WorkspaceError: What stands in the way, and how to clear it.
    """
    check_locks(workspace)
    check_progress(workspace)
    check_branch(workspace)
    put_back(workspace)
    check_conflicts(workspace)


def put_back(workspace: Workspace) -> bool:
    """Put back what git wrote in a command that was cut off, and nothing that was saved since.

    Returns:
        Whether there was anything to put back.

    Raises:
        GitError: It cannot be written. The next command tries again.
    """
    torn = find_torn(workspace)
    if torn is not None:
        indexed = sorted({*torn.files, *list_conflicts(workspace.git)})
        restore(workspace, torn.before, torn.files)
        if indexed:  # git may have written the index, and no more
            workspace.git.run("--literal-pathspecs", "reset", "--quiet", "--", *indexed)
    forget(workspace)
    return torn is not None and bool(torn.files)


def find_torn(workspace: Workspace) -> Torn | None:
    """Find out what a command that was cut off has left; None when there was none."""
    git = workspace.git
    if (before := find_commit(git, BEFORE_REF)) is None:
        return None
    target = find_commit(git, TARGET_REF)
    if target is None or not is_torn(workspace, before, target):
        return None
    return Torn(before, find_written(workspace, before, target))


def is_torn(workspace: Workspace, before: str, target: str) -> bool:
    """Tell whether `main` still builds on what was there before, and nothing of what was to come.

    A merge that waits for the learner is what was to come, too; so is one that they have made.
    """
    coming = filter(None, (target, find_commit(workspace.git, f"{target}^2")))
    return (
        find_unfinished(workspace) is None
        and is_in_main(workspace, before)
        and not any(is_in_main(workspace, commit) for commit in coming)
    )


def is_in_main(workspace: Workspace, commit: str) -> bool:
    """Tell whether `main` builds on a commit."""
    return workspace.git.answers("merge-base", "--is-ancestor", commit, MAIN_REF)


def forget(workspace: Workspace) -> None:
    """Note that nothing is being written."""
    for ref in (BEFORE_REF, TARGET_REF):
        delete_ref(workspace.git, ref)


def find_written(workspace: Workspace, before: str, target: str) -> list[str]:
    """List the files that are gone, or hold what git writes there, or its beginning."""
    ours, theirs = read_tree(workspace, before), read_tree(workspace, target)
    return [
        path
        for path in sorted(ours.keys() | theirs.keys())
        if ours.get(path) != theirs.get(path)
        and is_written(read_disk(workspace, path), ours.get(path), theirs.get(path))
    ]


def is_written(disk: bytes | None, ours: bytes | None, theirs: bytes | None) -> bool:
    """Tell whether git has changed a file on disk, and nobody since."""
    if disk is None or disk == ours:
        return disk != ours
    begun = use_newlines(disk).removesuffix(b"\r")  # torn within the end of a line
    return theirs is not None and use_newlines(theirs).startswith(begun)


def read_disk(workspace: Workspace, path: str) -> bytes | None:
    """Return what a file on disk holds, None when there is none.

    Raises:
        GitError: It cannot be read.
    """
    file = workspace.path / path
    try:
        return file.read_bytes() if file.is_file() else None
    except OSError as error:
        raise GitError(
            f"{file} cannot be read: {error.strerror}.", "Give yourself the right to read it."
        ) from error


def restore(workspace: Workspace, before: str, paths: list[str]) -> None:
    """Make these files those of a commit; what it has not is deleted.

    Where something else stands by now, a folder or a link, that stays.
    """
    known = set(workspace.git.run("ls-tree", "-r", "-z", "--name-only", before).names)
    for path in sorted(set(paths) - known):
        remove(workspace.path, path)
    old = [path for path in paths if path in known and is_free(workspace.path, path)]
    if old:
        workspace.git.run("--literal-pathspecs", "checkout", "--quiet", before, "--", *old)


def is_free(top: Path, path: str) -> bool:
    """Tell whether a file can be written without taking the place of anything but a file."""
    file = top / path
    parents = [top / parent for parent in Path(path).parents[:-1]]
    is_file = file.is_file() and not file.is_symlink()
    return (is_file or not os.path.lexists(file)) and not any(
        os.path.lexists(parent) and not is_folder(parent) for parent in parents
    )


def remove(top: Path, path: str) -> None:
    """Delete a file, and the folders that are empty then."""
    if not is_free(top, path):
        return
    file = top / path
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise GitError(
            f"{file} cannot be deleted: {error.strerror}.",
            "Close what holds it, then give the same command again.",
        ) from error
    with suppress(OSError):  # one that holds something else
        for parent in Path(path).parents[:-1]:
            (top / parent).rmdir()
