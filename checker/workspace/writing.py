"""Let git write over the files on disk: all of it, or what was there before."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from checker.interrupts import deferred_interrupts
from checker.workspace.git import GitError
from checker.workspace.history import read_tree
from checker.workspace.merging import merge_contents, use_newlines
from checker.workspace.repository import MAIN_REF, Workspace, find_commit, find_unfinished

BEFORE_REF = "refs/course/writing/before"
"""The commit whose files are on disk, as long as the course writes others over them."""
TARGET_REF = "refs/course/writing/target"
"""The commit that is brought in meanwhile."""

CONFLICT = b"<<<<<<< "


@contextmanager
def all_or_nothing(workspace: Workspace, target: str) -> Iterator[None]:
    """Put the files back as they were when git stops half-way: the disk is full, a file is locked.

    Git writes the files before it moves the branch, and leaves them half written when it fails. An
    interrupt waits until it is done. Two refs stand meanwhile, by which the next command puts the
    files back after a loss of power.

    Args:
        workspace: Ready, and with a snapshot taken: `main` holds everything that can be lost.
        target: The commit whose files git is to bring in.

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
        forget(workspace)


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
            f"{error.next_step}\n       The next command puts your files back first.",
        ) from second
    if is_back:
        error.next_step += "\n       Your files are as they were."


def put_back(workspace: Workspace) -> bool:
    """Put back what git wrote in a command that was cut off, and nothing that was saved since.

    Returns:
        Whether there was anything to put back.

    Raises:
        GitError: It cannot be written. The next command tries again.
    """
    git = workspace.git
    before, target = find_commit(git, BEFORE_REF), find_commit(git, TARGET_REF)
    written: list[str] = []
    if before and target and before == find_commit(git, MAIN_REF):
        written = [] if find_unfinished(workspace) else find_written(workspace, before, target)
        restore(workspace, before, written)
    forget(workspace)
    return bool(written)


def forget(workspace: Workspace) -> None:
    """Note that nothing is being written."""
    for ref in (BEFORE_REF, TARGET_REF):
        workspace.git.run("update-ref", "-d", ref)


def find_written(workspace: Workspace, before: str, target: str) -> list[str]:
    """List the files that hold what git writes when it merges the target, or its beginning."""
    shared = workspace.git.run("merge-base", before, target, accept=(0, 1)).text
    base = read_tree(workspace, shared) if shared else {}
    ours, theirs = read_tree(workspace, before), read_tree(workspace, target)
    changed = [
        path
        for path in sorted(base.keys() | theirs.keys())
        if theirs.get(path) not in (base.get(path), ours.get(path))
    ]
    return [
        path
        for path in changed
        if is_written(read_disk(workspace, path), base.get(path), ours.get(path), theirs.get(path))
    ]


def is_written(
    disk: bytes | None, base: bytes | None, ours: bytes | None, theirs: bytes | None
) -> bool:
    """Tell whether git has changed a file on disk: it is gone, or begins as the merged one does."""
    if disk is None or disk == ours:
        return disk != ours
    merged = theirs
    if ours != base:
        merged = None
        if base is not None and ours is not None and theirs is not None:
            with suppress(GitError):  # no text
                merged = merge_contents(base, ours, theirs)
    if merged is None:  # deleted, or a conflict
        return CONFLICT in disk
    return use_newlines(merged).startswith(use_newlines(disk))


def read_disk(workspace: Workspace, path: str) -> bytes | None:
    """Return what a file on disk holds, None when there is none."""
    file = workspace.path / path
    return file.read_bytes() if file.is_file() else None


def restore(workspace: Workspace, before: str, paths: list[str]) -> None:
    """Make these files those of a commit; what it has not is deleted."""
    known = set(workspace.git.run("ls-tree", "-r", "-z", "--name-only", before).names)
    old = [path for path in paths if path in known]
    if old:
        workspace.git.run("--literal-pathspecs", "checkout", "--quiet", before, "--", *old)
    for path in set(paths) - known:
        file = workspace.path / path
        try:
            file.unlink()
        except OSError as error:
            raise GitError(
                f"{file} cannot be deleted: {error.strerror}.",
                "Close what holds it, then give the same command again.",
            ) from error
