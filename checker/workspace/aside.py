"""Merge aside, in a folder of its own: what git makes of two commits is known before it writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from checker.workspace.git import Git, explain_failure
from checker.workspace.repository import MAIN_REF, Workspace, list_conflicts

MERGE = ("merge", "--no-ff", "--no-edit", "--quiet", "--no-log")
# An editor may have changed every line end of a file: that alone is no conflict.
AS_TEXT = "--strategy-option=ignore-cr-at-eol"


@dataclass(frozen=True)
class Merged:
    """What git makes of two commits.

    Attributes:
        commit: A commit that builds on `main` and holds every file as git writes it.
        conflicts: Files in which it leaves both versions, between marks.
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
        return Merged(git.read("commit-tree", "-p", "HEAD", "-m", message, tree), conflicts)


def run_merge(git: Git, commit: str, message: str) -> list[str]:
    """Merge a commit into what is checked out, and list the files with conflicts."""
    answer = git.run(*MERGE, AS_TEXT, f"-m{message}", commit, accept=(0, 1))
    names = list_conflicts(git)
    if answer.code and not names:
        raise explain_failure(git.work_tree, ["merge"], answer)
    return names


@contextmanager
def open_aside(workspace: Workspace) -> Iterator[Git]:
    """Check `main` out in a folder that is gone at the end of the block."""
    with TemporaryDirectory(prefix="course-merge-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "files"
        workspace.git.run("worktree", "add", "--detach", str(folder), MAIN_REF)
        try:
            git_dir = Path(Git(folder).read("rev-parse", "--absolute-git-dir"))
            yield Git(folder, git_dir, workspace.git.identity)
        finally:
            workspace.git.run("worktree", "remove", "--force", str(folder))
