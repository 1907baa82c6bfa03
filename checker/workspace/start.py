"""Make the workspace, and bring the next lesson into it."""

from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

from checker.course.layers import Layers, read_layers
from checker.course.manifest import find_lesson, load_lessons
from checker.paths import CoursePaths
from checker.workspace.git import Git
from checker.workspace.history import find_current, find_level
from checker.workspace.issue import Rewrite, issue, merge, overwrite
from checker.workspace.repository import (
    MAIN_REF,
    Workspace,
    WorkspaceError,
    exists,
    identify,
    open_workspace,
)
from checker.workspace.snapshot import take_snapshot
from checker.workspace.writing import make_ready


class Start(Enum):
    """How a start ended."""

    MADE = "made the workspace"
    ISSUED = "brought the lesson in"
    AGAIN = "had brought the lesson in before"
    RESUMED = "was asked for no lesson"


@dataclass(frozen=True)
class Started:
    """What `start` did.

    Attributes:
        lesson: Where the learner is now.
        skipped: Lessons that were issued on the way and whose tasks are open.
        snapshot: The commit that saved the learner's changes, if there were any.
    """

    how: Start
    lesson: int
    skipped: range = range(0)
    snapshot: str | None = None


def start(paths: CoursePaths, lesson: int | None) -> Started:
    """Make the workspace at a lesson, or merge that lesson into the workspace there is.

    Without a lesson, a new workspace begins at lesson 1, and one that exists is left as it is.

    Raises:
        MergeConflictError: The learner has to decide between their lines and the course's.
        WorkspaceError: The workspace is in no state to take a lesson; nothing was changed.
    """
    lessons = load_lessons(paths)
    if lesson is not None:
        find_lesson(lessons, lesson)
    path = paths.workspace
    if not exists(path):
        make_workspace(path, read_layers(paths, lessons), lesson or 1)
        return Started(Start.MADE, lesson or 1)
    workspace = open_workspace(path)
    level = find_own_level(workspace, lesson or 1)
    if lesson is None:
        return Started(Start.RESUMED, find_lesson(lessons, find_current(workspace)).number)
    if lesson <= level:
        return Started(Start.AGAIN, lesson)
    snapshot = bring_in(workspace, read_layers(paths, lessons), lesson)
    return Started(Start.ISSUED, lesson, range(level + 1, lesson), snapshot)


def find_own_level(workspace: Workspace, lesson: int) -> int:
    """Return the last lesson that the learner's branch has taken in; refuse a branch with none."""
    level = find_level(workspace)
    if level == 0:
        raise WorkspaceError(
            f"Nothing that the course issued is in the branch you are on in {workspace.path}.",
            "Go back to main. If that is main, write the lesson's files over yours, "
            f"which are saved first: ./course catch-up {lesson}",
        )
    return level


def bring_in(workspace: Workspace, layers: Layers, lesson: int) -> str | None:
    """Save the learner's changes, issue the lesson and merge it; return the snapshot."""
    make_ready(workspace)
    snapshot = take_snapshot(workspace, f"start {lesson}", layers.issued(lesson))
    commit = issue(workspace, layers, lesson)
    merge(workspace, commit, Rewrite(f"Start lesson {lesson}", {}, begins=lesson))
    return snapshot


def make_workspace(path: Path, layers: Layers, lesson: int) -> None:
    """Make the repository with every lesson before `lesson` solved.

    It is made beside its place and moved there whole: an interrupted start leaves no half of one.
    """
    path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(
            prefix=f".{path.name}-", dir=path.parent, ignore_cleanup_errors=True
        ) as name:
            new = Path(name) / path.name
            new.mkdir()
            fill(new, layers, lesson)
            with suppress(FileNotFoundError):
                path.rmdir()
            new.rename(path)
    except OSError as error:
        raise WorkspaceError(
            f"The workspace cannot be made at {path}: {error.strerror}.",
            "Make its parent folder writable, or set COURSE_WORKSPACE to another folder.",
        ) from error


def fill(path: Path, layers: Layers, lesson: int) -> None:
    """Make the branches `course` and `main` in an empty folder and check `main` out."""
    Git(path).init()
    workspace = identify(path)
    git = workspace.git
    git.run("symbolic-ref", "HEAD", MAIN_REF)
    # Line ends stay as they are on every system, so that a merge compares like with like.
    git.run("config", "core.autocrlf", "false")
    git.run("update-ref", MAIN_REF, issue(workspace, layers, lesson))
    git.run("reset", "--hard", "--quiet")
    begin = Rewrite(f"Start lesson {lesson}", layers.starter(lesson), begins=lesson)
    overwrite(workspace, [begin], MAIN_REF)
