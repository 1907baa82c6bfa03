"""Issue lessons on the branch `course` and bring them to the learner's `main`."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from checker import shell
from checker.course.layers import Layers, Tree
from checker.workspace.aside import merge_aside, run_merge
from checker.workspace.commits import NewCommit, write_commits
from checker.workspace.git import GitError, refuse_to_overwrite
from checker.workspace.history import (
    BEGINS,
    LESSON,
    find_issued_commit,
    read_lesson,
    read_tree,
)
from checker.workspace.identity import COURSE
from checker.workspace.repository import (
    COURSE_REF,
    MAIN_REF,
    Workspace,
    delete_ref,
    find_commit,
)
from checker.workspace.snapshot import find_in_the_way
from checker.workspace.writing import all_or_nothing

# Holds a commit between its writing and the moment when `main` moves on to it.
NEXT_REF = "refs/course/next"


class MergeConflictError(GitError):
    """The learner and the course changed the same lines; git has left both in the files."""


@dataclass(frozen=True)
class Rewrite:
    """New contents for files of the learner.

    Attributes:
        title: The first line of the commit's message.
        begins: The lesson that begins with this commit, if one does.
        replaced: Files in which the course's answers to earlier lessons replace the learner's.
    """

    title: str
    files: Tree
    begins: int | None = None
    replaced: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The message of the commit."""
        return self.title + (f"\n\n{BEGINS}{self.begins}\n" if self.begins else "\n")


def issue(workspace: Workspace, layers: Layers, lesson: int) -> str:
    """Commit every lesson up to `lesson` on `course` and return the commit of that lesson.

    A lesson that was issued last is issued again when the course has changed it since.
    """
    tip = find_commit(workspace.git, COURSE_REF)
    last = read_lesson(workspace, tip, LESSON) if tip else 0
    due = range(last + 1, lesson + 1)
    if tip and last == lesson and read_tree(workspace, tip) != layers.issued(lesson):
        due = range(lesson, lesson + 1)
    commits = [
        NewCommit(
            message=f"Lesson {number}: {layers.lessons[number - 1].title}\n\n{LESSON}{number}\n",
            author=COURSE,
            files=layers.issued(number),
            parents=(tip,) if tip and number == due[0] else (),
            is_whole=True,
        )
        for number in due
    ]
    if commits:
        write_commits(workspace.git, COURSE_REF, commits)
    return find_issued_commit(workspace, lesson)


def merge(workspace: Workspace, commit: str, rewrite: Rewrite) -> None:
    """Merge what the course issued into the learner's files.

    Raises:
        MergeConflictError: git could not; the merge waits for the learner, and nothing is lost.
    """
    merged = merge_aside(workspace, commit, rewrite.message)
    if not merged.conflicts:
        move_on(workspace, merged.commit)
        return
    # Git itself overwrites what it ignores, in a merge that is no move of the branch.
    if names := find_in_the_way(workspace, read_tree(workspace, merged.commit)):
        raise refuse_to_overwrite(names)
    with all_or_nothing(workspace, merged.commit):
        names = run_merge(workspace.git, commit, rewrite.message)
    if names:
        raise explain_conflict(workspace, names)


def move_on(workspace: Workspace, commit: str) -> None:
    """Bring a commit that builds on `main` to that branch, and to the files on disk.

    What was saved since the snapshot stands in the way, also where git ignores it.
    """
    with all_or_nothing(workspace, commit):
        workspace.git.run("merge", "--ff-only", "--no-overwrite-ignore", "--quiet", commit)


def explain_conflict(workspace: Workspace, names: list[str]) -> MergeConflictError:
    """Say which files hold a conflict, and both ways out."""
    files = "".join(f"\n  {name}" for name in names)
    git = workspace.command
    return MergeConflictError(
        "You and the course changed the same lines. "
        f"Your files are saved in git; both versions now stand in:{files}",
        "Open each file, keep what you want between <<<<<<< and >>>>>>>, and delete those marks. "
        f"Then give two commands:\n"
        f"         {git} add {shell.join(names)}\n"
        f"         {git} commit --no-edit\n"
        f"       To go back to how it was instead: {git} merge --abort",
    )


def overwrite(
    workspace: Workspace,
    rewrites: list[Rewrite],
    issued: str,
    known: AbstractSet[str] = frozenset(),
) -> bool:
    """Commit new contents on `main`, one after another, and bring the last to the files on disk.

    Git moves on to the new commits only when that loses no file: to all of them or to none.

    Args:
        workspace: Ready, and with a snapshot taken.
        rewrites: What to write.
        issued: What the course issued of it; becomes a parent unless `main` has it already.
        known: Files that go, unless they are written.

    Returns:
        Whether there was anything to commit.
    """
    git = workspace.git
    delete_ref(git, NEXT_REF)
    head = git.read("rev-parse", MAIN_REF)
    has_issued = git.answers("merge-base", "--is-ancestor", issued, head)
    first = (head,) if has_issued else (head, issued)
    commits = [
        NewCommit(
            message=rewrite.message,
            author=workspace.learner,
            files=rewrite.files,
            parents=first if rewrite is rewrites[0] else (),
            removed=frozenset(known - rewrite.files.keys()),
        )
        for rewrite in rewrites
    ]
    try:
        write_commits(git, NEXT_REF, commits)
        is_same = git.answers("diff-tree", "--quiet", head, NEXT_REF)
        if is_same and has_issued and not any(rewrite.begins for rewrite in rewrites):
            return False
        move_on(workspace, NEXT_REF)
    finally:
        delete_ref(git, NEXT_REF)
    return True
