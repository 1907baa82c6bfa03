"""Solve, reset and catch up: write a known state of the course over the learner's files.

Whatever the command, the files keep every addition of the lessons that were issued, and differ from
what the course issued in their tasks alone. The next lesson therefore merges as it does into work
that the learner wrote.
"""

from collections.abc import Callable
from dataclasses import dataclass

from checker.course.layers import Layers, Tree, read_layers
from checker.course.manifest import find_lesson, load_lessons
from checker.course.markers import View
from checker.errors import UsageError
from checker.paths import CoursePaths
from checker.workspace.history import find_beginning, find_level, find_shared, read_tree
from checker.workspace.issue import Rewrite, issue, overwrite
from checker.workspace.merging import merge_contents, use_newlines
from checker.workspace.repository import MAIN_REF, Workspace, open_workspace
from checker.workspace.snapshot import take_snapshot
from checker.workspace.writing import make_ready


@dataclass(frozen=True)
class Rewritten:
    """What a command did to the learner's files.

    Attributes:
        before: The commit that holds the files as they were.
        issued: Lessons that the workspace did not have before.
        reopened: Later lessons whose tasks begin afresh.
        has_changed: Whether any file is different now.
        replaced: Files in which the course's answers to earlier lessons replaced the learner's.
    """

    before: str
    issued: range
    reopened: range
    has_changed: bool
    replaced: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """The workspace and the course, as a command finds them.

    Attributes:
        level: The last lesson that was issued and merged.
        lesson: The lesson that was asked for.
    """

    workspace: Workspace
    layers: Layers
    level: int
    lesson: int

    @property
    def top(self) -> int:
        """The last lesson that the workspace has when the command is done."""
        return max(self.level, self.lesson)

    def render_open_from(self, first: int) -> Tree:
        """Return the files with the tasks from lesson `first` on open, all others solved."""
        return self.layers.render(View(self.top, self.layers.tasks_of(first, self.top)))


def solve(paths: CoursePaths, lesson: int) -> Rewritten:
    """Write the finished files of lessons 1 to `lesson`; tasks of later lessons begin afresh."""
    desk = open_desk(paths, lesson)

    def plan(_: str) -> list[Rewrite]:
        solved = Rewrite(f"Solve lesson {lesson}", desk.render_open_from(lesson + 1))
        begin = Rewrite(f"Start lesson {lesson}", desk.render_open_from(lesson), begins=lesson)
        return [solved] if lesson <= desk.level else [begin, solved]

    return rewrite(desk, f"solve {lesson}", plan, reopened=range(lesson + 1, desk.level + 1))


def catch_up(paths: CoursePaths, lesson: int) -> Rewritten:
    """Make the workspace ready to begin `lesson`: earlier lessons solved, the others open."""
    desk = open_desk(paths, lesson)

    def plan(_: str) -> list[Rewrite]:
        title = f"Catch up with lesson {lesson}"
        return [Rewrite(title, desk.render_open_from(lesson), begins=lesson)]

    reopened = range(lesson, desk.level + 1)
    return rewrite(desk, f"catch-up {lesson}", plan, reopened=reopened)


def reset(paths: CoursePaths, lesson: int) -> Rewritten:
    """Bring the files of the course back to where the learner began `lesson`.

    Raises:
        UsageError: The lesson has not begun.
    """
    desk = open_desk(paths, lesson)
    if lesson > desk.level:
        raise UsageError(
            f"Lesson {lesson} has not begun, so there is nothing to reset.",
            f"Begin it: ./course start {lesson}",
        )

    def plan(issued: str) -> list[Rewrite]:
        title = f"Reset lesson {lesson}"
        files, replaced = find_start(desk, issued)
        return [Rewrite(title, files, begins=lesson, replaced=replaced)]

    reopened = range(lesson, desk.level + 1)
    return rewrite(desk, f"reset {lesson}", plan, reopened=reopened)


def open_desk(paths: CoursePaths, lesson: int) -> Desk:
    """Open the workspace for writing, for a lesson that the course has."""
    lessons = load_lessons(paths)
    find_lesson(lessons, lesson)
    workspace = open_workspace(paths.workspace)
    make_ready(workspace)
    return Desk(workspace, read_layers(paths, lessons), find_level(workspace), lesson)


def rewrite(
    desk: Desk, reason: str, plan: Callable[[str], list[Rewrite]], reopened: range
) -> Rewritten:
    """Save the learner's changes, issue what is missing, and commit the new contents."""
    workspace = desk.workspace
    take_snapshot(workspace, reason, desk.layers.issued(desk.top))
    before = workspace.git.read("rev-parse", MAIN_REF)
    shared = find_shared(workspace, MAIN_REF)
    issued = issue(workspace, desk.layers, desk.top)
    known = read_tree(workspace, shared).keys() if shared else set()
    changes = plan(issued)
    has_changed = overwrite(workspace, changes, issued, known)
    return Rewritten(
        before=before,
        issued=range(desk.level + 1, desk.lesson + 1),
        reopened=reopened,
        has_changed=has_changed,
        replaced=tuple(path for change in changes for path in change.replaced),
    )


def find_start(desk: Desk, issued: str) -> tuple[Tree, tuple[str, ...]]:
    """Return the files as the lesson began, with what later lessons added since.

    Where that is not known, and for a file in which the two cannot be told apart, the answers to
    earlier lessons are the course's instead of the learner's. Those files are named too.
    """
    workspace = desk.workspace
    fallback = desk.render_open_from(desk.lesson)
    beginning = find_beginning(workspace, desk.lesson)
    shared = find_shared(workspace, beginning) if beginning else None
    if beginning is None or shared is None:
        return fallback, list_answered(desk, fallback)
    base, ours = read_tree(workspace, shared), read_tree(workspace, beginning)
    theirs = read_tree(workspace, issued)
    kept = {
        path: restore(base.get(path), ours[path], theirs[path])
        for path in fallback.keys() & ours.keys()
    }
    files = {path: content for path, content in kept.items() if content is not None}
    return fallback | files, tuple(sorted(kept.keys() - files.keys()))


def list_answered(desk: Desk, solved: Tree) -> tuple[str, ...]:
    """List the files with tasks of earlier lessons in which the learner has written."""
    ours = read_tree(desk.workspace, MAIN_REF)
    unsolved = desk.render_open_from(1)
    return tuple(
        sorted(
            path
            for path in solved.keys() & ours.keys()
            if solved[path] != unsolved[path]
            and use_newlines(ours[path]) not in (solved[path], unsolved[path])
        )
    )


def restore(base: bytes | None, ours: bytes, theirs: bytes) -> bytes | None:
    """Return the learner's earlier version with the course's later changes, where that is clear."""
    if base == theirs:
        return ours
    if ours == base:
        return theirs
    return None if base is None else merge_contents(base, ours, theirs)
