"""Merge aside, in a folder of its own: what git makes of two commits is known before it writes."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from checker.workspace.git import Git, GitError, explain_failure
from checker.workspace.repository import MAIN_REF, Workspace, list_conflicts

MERGE = ("merge", "--no-ff", "--no-edit", "--quiet", "--no-log")
# An editor may have changed every line end of a file: that alone is no conflict.
AS_TEXT = "--strategy-option=ignore-cr-at-eol"
PREFIX = "course-merge-"
LONGEST = 3600.0  # seconds that a merge may take


@dataclass(frozen=True)
class Merged:
    """What git makes of two commits.

    Attributes:
        commit: Builds on both, and holds every file as git writes it. With conflicts it only says
            what git will write: it must never reach `main`.
        conflicts: Files in which git leaves both versions, between marks.
    """

    commit: str
    conflicts: list[str]


def merge_aside(workspace: Workspace, commit: str, message: str) -> Merged:
    """Merge a commit into `main`, and leave branch, index and files alone.

    Raises:
        GitError: What git said.
    """
    with open_aside(workspace) as git:
        conflicts = run_merge(git, commit, message)
        if not conflicts:
            return Merged(git.read("rev-parse", "HEAD"), [])
        git.run("add", "--all", "--force")
        tree = git.read("write-tree")
        parents = ("-p", "HEAD", "-p", commit)
        return Merged(git.read("commit-tree", *parents, "-m", message, tree), conflicts)


def run_merge(git: Git, commit: str, message: str) -> list[str]:
    """Merge a commit into what is checked out, and list the files with conflicts."""
    answer = git.run(*MERGE, AS_TEXT, f"-m{message}", commit, accept=(0, 1))
    names = list_conflicts(git)
    if answer.code and not names:
        raise explain_failure(git.place, ["merge"], answer)
    return names


@contextmanager
def open_aside(workspace: Workspace) -> Iterator[Git]:
    """Check `main` out in a folder that is gone at the end of the block.

    It has a HEAD and an index of its own, and all else in common with the workspace. It lies in
    git's folder, on the same disk. Git does not list it as a work tree, so one that is left behind
    blocks nothing.

    Raises:
        GitError: The folder cannot be made.
    """
    top = workspace.git.git_dir
    common = workspace.path / workspace.git.read("rev-parse", "--git-common-dir")
    head = workspace.git.read("rev-parse", MAIN_REF)
    remove_old(top)
    with ExitStack() as stack:
        try:
            aside = TemporaryDirectory(prefix=PREFIX, dir=top, ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(aside))
            files, git_dir = folder / "files", folder / "git"
            files.mkdir()
            git_dir.mkdir()
            (git_dir / "commondir").write_bytes(os.fsencode(f"{common.resolve()}\n"))
            (git_dir / "HEAD").write_text(f"{head}\n", encoding="ascii", newline="")
        except OSError as error:
            raise GitError(
                f"{top} cannot be written to: {error.strerror}.",
                "Free some space on its disk, and make it yours; then give the same command again.",
            ) from error
        git = Git(files, git_dir, workspace.git.identity, workspace.path)
        git.run("reset", "--hard", "--quiet")
        yield git


def remove_old(top: Path) -> None:
    """Remove what commands have left that were cut off, and not what one may be using."""
    for old in top.glob(f"{PREFIX}*"):
        with suppress(OSError):  # whoever used it has just removed it
            if time.time() - old.stat().st_mtime > LONGEST:
                shutil.rmtree(old, ignore_errors=True)
