"""Say where the learner is and what can be done next."""

from contextlib import suppress
from dataclasses import dataclass

from checker.course.manifest import Lesson, load_lessons
from checker.paths import CoursePaths
from checker.workspace.git import GitError
from checker.workspace.history import find_current, find_level
from checker.workspace.repository import (
    Unfinished,
    Workspace,
    find_unfinished,
    open_workspace,
)
from checker.workspace.snapshot import STATUS, TRAILER
from checker.workspace.writing import find_torn


@dataclass(frozen=True)
class Snapshot:
    """A commit that saved the learner's changes."""

    commit: str
    age: str
    title: str


@dataclass(frozen=True)
class Status:
    """Where the learner is.

    Attributes:
        lesson: The lesson they are in; None when the course no longer has it.
        level: The last lesson that was issued.
        branch: None on a detached HEAD.
        changes: Files with changes that no commit holds yet, as `git status --short` shows them.
        in_progress: What waits for the learner in git: a merge, a rebase.
        torn: Files that a command has left half written when it was cut off.
        snapshots: The newest first.
    """

    workspace: Workspace
    lessons: tuple[Lesson, ...]
    lesson: Lesson | None
    level: int
    branch: str | None
    changes: list[str]
    in_progress: Unfinished | None
    torn: list[str]
    snapshots: list[Snapshot]


def read_status(paths: CoursePaths) -> Status:
    """Read the workspace's state; nothing is changed."""
    lessons = load_lessons(paths)
    workspace = open_workspace(paths.workspace)
    git = workspace.git
    current = find_current(workspace)
    return Status(
        workspace=workspace,
        lessons=lessons,
        lesson=lessons[current - 1] if 1 <= current <= len(lessons) else None,
        level=find_level(workspace),
        branch=git.run("symbolic-ref", "--quiet", "--short", "HEAD", accept=(0, 1)).text or None,
        changes=git.run(*STATUS, "--untracked-files=normal").names,
        in_progress=find_unfinished(workspace),
        torn=list_torn(workspace),
        snapshots=list_snapshots(workspace),
    )


def list_torn(workspace: Workspace) -> list[str]:
    """List the files that a command has left half written when it was cut off.

    Where they cannot be read the list is empty: the next command that writes says why.
    """
    with suppress(GitError):
        if torn := find_torn(workspace):
            return torn.files
    return []


def list_snapshots(workspace: Workspace, limit: int = 5) -> list[Snapshot]:
    """List the newest snapshots that the present branch holds."""
    lines = workspace.git.read(
        "log", f"-{limit}", f"--grep=^{TRAILER}", "--format=%h%x09%cr%x09%s"
    ).splitlines()
    return [Snapshot(*line.split("\t", 2)) for line in lines]
