"""Open the learner's repository, and refuse every state in which work could be lost."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from checker import shell
from checker.errors import CourseError
from checker.workspace.git import Git, GitError, locked_error
from checker.workspace.identity import Person, find_learner, name_committer

COURSE_REF = "refs/heads/course"
MAIN_REF = "refs/heads/main"


class Unfinished(NamedTuple):
    """What git waits for the learner to finish, and the commands that lead out of it."""

    name: str
    finish: str
    leave: str


# What git leaves in its folder while it waits.
IN_PROGRESS = {
    "MERGE_HEAD": Unfinished("merge", "git add FILES, then git commit", "git merge --abort"),
    "rebase-merge": Unfinished("rebase", "git rebase --continue", "git rebase --abort"),
    "rebase-apply": Unfinished("rebase", "git rebase --continue", "git rebase --abort"),
    "CHERRY_PICK_HEAD": Unfinished(
        "cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"
    ),
    "REVERT_HEAD": Unfinished("revert", "git revert --continue", "git revert --abort"),
    "BISECT_LOG": Unfinished("bisect", "git bisect reset", "git bisect reset"),
}


class WorkspaceError(CourseError):
    """The workspace is not in a state in which the command can run; nothing was changed."""


@dataclass(frozen=True)
class Workspace:
    """The learner's repository.

    Attributes:
        learner: Who commits on `main`.
    """

    path: Path
    git: Git
    learner: Person

    @property
    def command(self) -> str:
        """The words that begin a git command on the workspace, ready to be typed."""
        return shell.join(["git", "-C", shorten(self.path)])


def exists(path: Path) -> bool:
    """Tell whether there is anything at the workspace's place; an empty folder is nothing.

    Raises:
        WorkspaceError: Something else than a folder stands there, or it cannot be read.
    """
    try:
        if path.is_dir():
            return any(path.iterdir())
    except OSError as error:
        raise WorkspaceError(
            f"{path} cannot be read: {error.strerror}.",
            "Give yourself the right to read it, or set COURSE_WORKSPACE to another folder.",
        ) from error
    if os.path.lexists(path):
        raise WorkspaceError(
            f"The workspace should be a folder, but {path} is a file.",
            "Move that file away, or set COURSE_WORKSPACE to another folder.",
        )
    return False


def open_workspace(path: Path) -> Workspace:
    """Open the workspace for reading.

    Raises:
        WorkspaceError: There is none, or what stands there is not one.
    """
    if not exists(path):
        raise WorkspaceError(f"There is no workspace yet at {path}.", "Make it: ./course start")
    if not os.path.lexists(path / ".git"):
        raise WorkspaceError(
            f"{path} holds files, but it is not a workspace of this course: it has no .git folder.",
            "Move it away, or set COURSE_WORKSPACE to another folder; then: ./course start",
        )
    workspace = identify(path)
    check_course_branch(workspace)
    check_head(workspace)
    return workspace


def identify(path: Path) -> Workspace:
    """Find the repository's own folder and the learner's name."""
    try:
        git_dir = Path(Git(path).read("rev-parse", "--absolute-git-dir"))
    except GitError as error:
        raise WorkspaceError(
            f"git cannot read the repository in {path}. {error.problem}",
            "Mend what git names. Else move the folder away and give: ./course start N",
        ) from error
    git = Git(path, git_dir)
    learner = find_learner(git)
    return Workspace(path, Git(path, git_dir, name_committer(learner)), learner)


def check_course_branch(workspace: Workspace) -> None:
    """Refuse a repository without the course's branch; tell one that lost it how to get it back."""
    if find_commit(workspace.git, COURSE_REF) is not None:
        return
    lost = find_logged(workspace.git, COURSE_REF) or find_issued(workspace.git)
    if lost is None:
        raise WorkspaceError(
            f"{workspace.path} is a git repository, but not a workspace of this course: "
            "it has no branch `course`.",
            "Move it away, or set COURSE_WORKSPACE to another folder; then: ./course start",
        )
    raise WorkspaceError(
        "The branch course of the workspace is missing or damaged.",
        describe_repair(workspace, COURSE_REF, lost),
    )


def check_head(workspace: Workspace) -> None:
    """Refuse a branch that has no commit, or none that git can read."""
    git = workspace.git
    if find_commit(git, "HEAD") is not None:
        return
    branch = find_branch(git)
    if branch != MAIN_REF and find_commit(git, MAIN_REF) is not None:
        raise WorkspaceError(
            f"The workspace is on {branch or 'a commit'}, which git cannot read.",
            f"Go back to main: {workspace.command} symbolic-ref HEAD {MAIN_REF}",
        )
    raise WorkspaceError(
        "The branch main of the workspace has no commit that git can read.",
        describe_repair(workspace, MAIN_REF, find_logged(git, MAIN_REF) or "COMMIT"),
    )


def describe_repair(workspace: Workspace, ref: str, commit: str) -> str:
    """Say how to make a branch point at a commit again; git itself mends no damaged file."""
    file = workspace.git.git_dir / ref
    delete = f"Delete the file {file}. " if file.exists() else ""
    return f"{delete}Put the branch back: {workspace.command} update-ref {ref} {commit}"


def find_branch(git: Git) -> str | None:
    """Return the ref that HEAD stands for; None for a detached HEAD."""
    answer = git.run("symbolic-ref", "--quiet", "HEAD", accept=(0, 1, 128))
    if answer.code == 0:
        return answer.text
    # git gives up on a HEAD that leads to a damaged branch.
    text = (git.git_dir / "HEAD").read_text(encoding="utf-8", errors="replace").strip()
    return text.removeprefix("ref: ") if text.startswith("ref: ") else None


def find_logged(git: Git, ref: str) -> str | None:
    """Return the commit that a branch was on last, from its log."""
    log = git.git_dir / "logs" / ref
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    # A loss of power leaves zeros at the end.
    found = re.findall(r"^[0-9a-f]{40,64} ([0-9a-f]{40,64}) ", text, re.MULTILINE)
    return found[-1] if found else None


def find_commit(git: Git, name: str) -> str | None:
    """Return the commit that a ref points at; None when there is none that can be read."""
    answer = git.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", accept=(0, 1, 128))
    return answer.text if answer.code == 0 else None


def delete_ref(git: Git, ref: str) -> None:
    """Delete a ref of the course's own; git deletes none that a loss of power has emptied."""
    if find_commit(git, ref) is None:
        (git.git_dir / ref).unlink(missing_ok=True)
    else:
        git.run("update-ref", "-d", ref)


def find_issued(git: Git) -> str | None:
    """Return the newest commit of the course that the present branch holds."""
    answer = git.run(
        "log", "-1", "--topo-order", "--format=%H", "--grep=^Course-Lesson: ", accept=(0, 128)
    )
    return answer.text or None


def check_locks(workspace: Workspace) -> None:
    """Refuse while another git command runs, or seems to."""
    for name in ("index.lock", "HEAD.lock", "refs/heads/main.lock", "refs/heads/course.lock"):
        lock = workspace.git.git_dir / name
        if lock.exists():
            raise locked_error(str(lock))


def check_progress(workspace: Workspace) -> None:
    """Refuse while a merge, a rebase or the like waits for the learner."""
    waiting = find_unfinished(workspace)
    if waiting:
        raise WorkspaceError(
            f"A {waiting.name} is not finished in the workspace.",
            f"In {shorten(workspace.path)}, finish it ({waiting.finish}) "
            f"or leave it ({waiting.leave}); then give the same command again.",
        )


def find_unfinished(workspace: Workspace) -> Unfinished | None:
    """Return what git waits for the learner to finish."""
    folder = workspace.git.git_dir
    return next(
        (waiting for file, waiting in IN_PROGRESS.items() if (folder / file).exists()), None
    )


def check_branch(workspace: Workspace) -> None:
    """Refuse on any branch but `main`."""
    git = workspace.git
    branch = find_branch(git)
    if branch != MAIN_REF:
        name = (branch or "").removeprefix("refs/heads/")
        place = (
            f"is on the branch {name}" if name else "is on no branch (an old commit is checked out)"
        )
        create = "" if find_commit(git, MAIN_REF) else "--create "
        raise WorkspaceError(
            f"The workspace {place}; the course works on main.",
            f"Commit what you have there, then: {workspace.command} switch {create}main",
        )


def check_conflicts(workspace: Workspace) -> None:
    """Refuse while files hold a conflict that no merge is waiting for, as after `stash pop`."""
    names = list_conflicts(workspace.git)
    if names:
        raise WorkspaceError(
            f"Files of the workspace hold unresolved conflicts: {', '.join(names)}.",
            f"Edit them, then: {workspace.command} add {shell.join(names)}",
        )


def list_conflicts(git: Git) -> list[str]:
    """List the files that hold a conflict, in git's eyes."""
    return sorted(set(git.run("diff", "--name-only", "--diff-filter=U", "-z").names))


def shorten(path: Path) -> str:
    """Write a path as short as it can be typed from the present folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
