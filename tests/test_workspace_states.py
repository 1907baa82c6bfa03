"""Tests of workspaces in odd states: one clear message each, and nothing changed."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_course import edit, git, make_course

from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.workspace.compare import compare
from checker.workspace.repository import exists
from checker.workspace.rewrite import catch_up, reset, solve
from checker.workspace.start import start
from checker.workspace.status import read_status

pytestmark = pytest.mark.usefixtures("git_name")

posix = pytest.mark.skipif(sys.platform == "win32", reason="uses a shell script as git")

COMMANDS: dict[str, Callable[[CoursePaths], object]] = {
    "start": lambda paths: start(paths, 2),
    "solve": lambda paths: solve(paths, 1),
    "reset": lambda paths: reset(paths, 1),
    "catch-up": lambda paths: catch_up(paths, 2),
}


@pytest.fixture
def course(tmp_path: Path) -> CoursePaths:
    return make_course(tmp_path)


@pytest.fixture
def begun(course: CoursePaths) -> CoursePaths:
    start(course, 1)
    (course.workspace / "mine.txt").write_text("mine\n")
    return course


def read_everything(folder: Path) -> dict[str, bytes]:
    """Read the files of a workspace, git's own included."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def begin_conflict(workspace: Path, command: str) -> None:
    """Stop in the middle of a merge, a rebase, a cherry-pick or a revert."""
    git(workspace, "switch", "-q", "-c", "side")
    edit(workspace / "run.sh", "exec", "exec side")
    git(workspace, "commit", "-qam", "side")
    git(workspace, "switch", "-q", "main")
    edit(workspace / "run.sh", "exec", "exec main")
    git(workspace, "commit", "-qam", "main")
    if command == "revert":
        edit(workspace / "run.sh", "exec main", "exec again")
        git(workspace, "commit", "-qam", "again")
    target = "main~1" if command == "revert" else "side"
    with pytest.raises(Exception, match="git"):
        git(workspace, command, target)


def bisect(workspace: Path) -> None:
    git(workspace, "bisect", "start", "main", "main~1")
    git(workspace, "switch", "-q", "--ignore-other-worktrees", "main")


def pop_stash(workspace: Path) -> None:
    edit(workspace / "run.sh", "exec", "exec stash")
    git(workspace, "stash", "-q")
    edit(workspace / "run.sh", "exec", "exec main")
    git(workspace, "commit", "-qam", "main")
    with pytest.raises(Exception, match="git"):
        git(workspace, "stash", "pop")


def nest(workspace: Path) -> None:
    (workspace / "inner").mkdir()
    git(workspace / "inner", "init", "-q")
    (workspace / "inner" / "file").write_text("x")


def rename_main(workspace: Path) -> None:
    git(workspace, "branch", "-q", "-m", "main", "trunk")


def damage_main(workspace: Path) -> None:
    (workspace / ".git" / "refs" / "heads" / "main").write_text("garbage\n")


def lose_main(workspace: Path) -> None:
    (workspace / ".git" / "refs" / "heads" / "main").write_text(f"{'1' * 40}\n")


def damage_course(workspace: Path) -> None:
    (workspace / ".git" / "refs" / "heads" / "course").write_text("garbage\n")


def damage_index(workspace: Path) -> None:
    (workspace / ".git" / "index").write_bytes(b"garbage")


def be_elsewhere(workspace: Path) -> None:
    git(workspace, "switch", "-q", "-c", "feature")


def be_orphan(workspace: Path) -> None:
    git(workspace, "switch", "-q", "--orphan", "empty")


def detach(workspace: Path) -> None:
    git(workspace, "checkout", "-q", "--detach")


def lock(name: str) -> Callable[[Path], object]:
    return lambda workspace: (workspace / ".git" / name).touch()


def empty_git_folder(workspace: Path) -> None:
    shutil.rmtree(workspace / ".git")
    (workspace / ".git").mkdir()


def be_another_repository(workspace: Path) -> None:
    shutil.rmtree(workspace / ".git")
    git(workspace, "init", "-q", "-b", "main")
    git(workspace, "add", ".")
    git(workspace, "commit", "-qm", "mine")


STATES = {
    "merge": (lambda w: begin_conflict(w, "merge"), "A merge is not finished"),
    "rebase": (lambda w: begin_conflict(w, "rebase"), "A rebase is not finished"),
    "cherry-pick": (lambda w: begin_conflict(w, "cherry-pick"), "A cherry-pick is not finished"),
    "revert": (lambda w: begin_conflict(w, "revert"), "A revert is not finished"),
    "bisect": (bisect, "A bisect is not finished"),
    "stash pop": (pop_stash, "hold unresolved conflicts: run.sh"),
    "other branch": (be_elsewhere, "is on the branch feature; the course works on main"),
    "main renamed": (rename_main, "is on the branch trunk; the course works on main"),
    "orphan branch": (be_orphan, "is on refs/heads/empty, which git cannot read"),
    "detached": (detach, "is on no branch"),
    "index locked": (lock("index.lock"), "Another git command holds the workspace"),
    "main locked": (lock("refs/heads/main.lock"), "Another git command holds the workspace"),
    "repository inside": (nest, "is a git repository of its own"),
    "main damaged": (damage_main, "The branch main of the workspace has no commit"),
    "main lost": (lose_main, "The branch main of the workspace has no commit"),
    "course damaged": (damage_course, "The branch course of the workspace is missing or damaged"),
    "index damaged": (damage_index, "git "),
    "git damaged": (empty_git_folder, "git cannot read the repository"),
    "other repository": (be_another_repository, "not a workspace of this course"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.parametrize(("make", "said"), STATES.values(), ids=STATES.keys())
def test_odd_state_is_told_and_nothing_is_changed(begun, make, said, command):
    make(begun.workspace)
    before = read_everything(begun.workspace)
    with pytest.raises(CourseError) as caught:
        command(begun)
    assert said in caught.value.problem
    assert caught.value.next_step
    assert read_everything(begun.workspace) == before


READABLE = ("merge", "bisect", "stash pop", "other branch", "detached", "repository inside")


@pytest.mark.parametrize("state", READABLE)
def test_status_and_diff_work_in_any_state_that_can_be_read(begun, state):
    make, _ = STATES[state]
    make(begun.workspace)
    assert read_status(begun).lesson.number == 1
    assert "TODO L1.1" in compare(begun, None)


@pytest.mark.parametrize("command", [*COMMANDS.values(), read_status, lambda p: compare(p, 1)])
def test_workspace_that_is_a_file_is_told(course, command):
    course.workspace.write_text("mine\n")
    with pytest.raises(CourseError, match="is a file"):
        command(course)
    assert course.workspace.read_text() == "mine\n"


@pytest.mark.parametrize("command", [*COMMANDS.values(), read_status, lambda p: compare(p, 1)])
def test_workspace_that_holds_other_files_is_told(course, command):
    course.workspace.mkdir()
    (course.workspace / "mine.txt").write_text("mine\n")
    with pytest.raises(CourseError, match="not a workspace of this course"):
        command(course)
    assert read_everything(course.workspace) == {"mine.txt": b"mine\n"}


@pytest.mark.parametrize("command", [solve, reset, catch_up, compare, lambda p, _: read_status(p)])
def test_workspace_that_does_not_exist_is_told(course, command):
    with pytest.raises(CourseError, match="There is no workspace yet") as caught:
        command(course, 1)
    assert caught.value.next_step == "Make it: ./course start"
    assert not course.workspace.exists()


@pytest.mark.parametrize("asked", ["is_dir", "iterdir"])
def test_workspace_that_may_not_be_read_is_told(begun, monkeypatch, asked):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, asked, refuse)
    with pytest.raises(CourseError, match="cannot be read: Permission denied") as caught:
        exists(begun.workspace)
    assert "set COURSE_WORKSPACE to another folder" in caught.value.next_step


def delete_course(workspace: Path) -> None:
    git(workspace, "branch", "-q", "-D", "course")


@pytest.mark.parametrize("damage", [damage_main, lose_main, damage_course, delete_course])
def test_damaged_branch_comes_back_as_told(begun, damage):
    before = git(begun.workspace, "show-ref")
    damage(begun.workspace)
    with pytest.raises(CourseError) as caught:
        solve(begun, 1)
    advice = caught.value.next_step
    if advice.startswith("Delete the file "):
        Path(advice.removeprefix("Delete the file ").partition(". ")[0]).unlink()
    git(begun.workspace, *advice.partition("git -C ")[2].split()[1:])
    assert git(begun.workspace, "show-ref") == before
    solve(begun, 1)


@pytest.mark.parametrize("lesson", [None, 1, 2])
def test_main_without_the_courses_history_takes_it_in_as_told(begun, lesson):
    git(begun.workspace, "checkout", "-q", "--orphan", "new")
    git(begun.workspace, "commit", "-qam", "mine")
    git(begun.workspace, "branch", "-q", "-M", "main")
    with pytest.raises(CourseError, match="Nothing that the course issued") as caught:
        start(begun, lesson)
    assert f"catch-up {lesson or 1}" in caught.value.next_step
    catch_up(begun, lesson or 1)
    start(begun, 3)


def test_nested_repository_that_is_ignored_does_not_matter(begun):
    nest(begun.workspace)
    edit(begun.workspace / ".gitignore", ".env", ".env\ninner/")
    solve(begun, 1)
    assert (begun.workspace / "inner" / "file").read_text() == "x"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write")
def test_workspace_in_a_place_that_cannot_be_written_is_told(course):
    paths = CoursePaths(course.root, Path("/proc/self/course/workspace"), course.cache)
    with pytest.raises(CourseError, match="The workspace cannot be made at /proc/"):
        start(paths, 1)


def test_git_missing_is_told_with_the_command_that_installs_it(course, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CourseError, match="git is not installed") as caught:
        start(course, 1)
    assert "nstall" in caught.value.next_step
    assert not course.workspace.exists()


FAILURES = {
    "disk full": (
        "fast-import",
        "fatal: write error: No space left on device",
        "The disk is full",
        "Free some space",
    ),
    "disk full while merging": (
        "merge",
        "error: unable to write file app/count.py: No space left on device",
        "The disk is full",
        "Free some space",
    ),
    "unreadable file": (
        "update-index",
        'error: open("mine.txt"): Permission denied\nfatal: Unable to process path mine.txt',
        "git may not read",
        "right to read it",
    ),
    "read-only": (
        "update-index",
        "fatal: Unable to create '/x/.git/index.lock': Read-only file system",
        "git may not write to",
        "writable",
    ),
    "locked meanwhile": (
        "update-index",
        "fatal: Unable to create '/x/.git/index.lock': File exists.\n\nAnother git process",
        "Another git command holds the workspace: /x/.git/index.lock",
        "delete that file",
    ),
    "anything else": ("write-tree", "fatal: it is Monday", "git write-tree failed", "fsck"),
}


@posix
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_git_that_fails_is_told_and_loses_nothing(begun, monkeypatch, tmp_path, failure):
    command, err, said, advice = failure
    main = git(begun.workspace, "rev-parse", "main")
    files = {k: v for k, v in read_everything(begun.workspace).items() if ".git/" not in k}
    folder = make_failing_git(tmp_path, command, err)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        with pytest.raises(CourseError) as caught:
            start(begun, 2)
    assert said in caught.value.problem
    assert advice in caught.value.next_step
    after = read_everything(begun.workspace)
    assert {k: v for k, v in after.items() if ".git/" not in k} == files
    assert git(begun.workspace, "rev-list", "--max-count=1", main)
    start(begun, 2)
    assert (begun.workspace / "mine.txt").read_text() == "mine\n"


def make_failing_git(folder: Path, command: str, err: str) -> Path:
    """Write a git that fails at one command, as real git does when the machine lets it down."""
    real = shutil.which("git")
    (folder / "bin").mkdir()
    (folder / "err").write_text(f"{err}\n")
    script = folder / "bin" / "git"
    script.write_text(
        f'#!/bin/sh\nfor word in "$@"; do\n  if [ "$word" = {command} ]; then\n'
        f'    cat "{folder}/err" >&2; exit 128\n  fi\ndone\nexec "{real}" "$@"\n'
    )
    script.chmod(0o755)
    return script.parent
