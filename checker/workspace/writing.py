"""Let git write over the files on disk: all of it, or what was there before."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from checker.interrupts import deferred_interrupts
from checker.workspace.git import GitError
from checker.workspace.history import read_tree
from checker.workspace.repository import (
    MAIN_REF,
    WRITING_REF,
    Workspace,
    find_unfinished,
)

REFUSED = "would be overwritten"  # git's words for a file saved a moment ago: nothing was written


@contextmanager
def all_or_nothing(workspace: Workspace, target: str) -> Iterator[None]:
    """Put the files back as they were when git stops half-way: the disk is full, a file is locked.

    Git writes the files before it moves the branch, and leaves them half written when it fails. An
    interrupt waits until it is done. A mark stands meanwhile, for whoever comes after a loss of
    power (`check_whole`).

    Args:
        workspace: Ready, and with a snapshot taken: `main` holds everything that can be lost.
        target: The commit whose files git is to bring in.

    Raises:
        GitError: What git said, and how to get the files back when that failed too.
    """
    git = workspace.git
    before = git.read("rev-parse", MAIN_REF)
    git.run("update-ref", WRITING_REF, before)
    with deferred_interrupts():
        try:
            yield
        except GitError as error:
            is_torn = REFUSED not in error.problem and not find_unfinished(workspace)
            if is_torn and git.read("rev-parse", MAIN_REF) == before:
                put_back(workspace, before, target, error)
            raise
        git.run("update-ref", "-d", WRITING_REF)


def put_back(workspace: Workspace, before: str, target: str, error: GitError) -> None:
    """Make the files those of the commit `before` again, and say so.

    Raises:
        GitError: They cannot be written either.
    """
    git = workspace.git
    added = git.run("diff", "--name-only", "--diff-filter=A", "--no-renames", "-z", before, target)
    try:
        git.run("reset", "--hard", "--quiet", before)
    except GitError as second:
        raise GitError(
            f"{error.problem} It stopped half-way, and some of your files are only partly there.",
            f"{error.next_step}\n       Then put your files back as they were: "
            f"{workspace.command} reset --hard {before[:10]}",
        ) from second
    written = read_tree(workspace, target)
    for name in added.names:
        file = workspace.path / name
        # What git has begun to write there, and nothing that came from elsewhere meanwhile.
        if file.is_file() and written.get(name, b"").startswith(file.read_bytes()):
            with suppress(OSError):
                file.unlink()
    git.run("update-ref", "-d", WRITING_REF)
    error.next_step += "\n       Your files are as they were."
