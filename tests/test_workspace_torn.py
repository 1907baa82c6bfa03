"""Tests of a git that stops while it writes the learner's files, as on a disk that is full."""

import shlex
import subprocess
import sys

import pytest
from small_course import edit, git, make_course, read_files

from checker.workspace.git import GitError
from checker.workspace.repository import WRITING_REF, WorkspaceError, open_workspace
from checker.workspace.rewrite import solve
from checker.workspace.snapshot import take_snapshot
from checker.workspace.start import start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stub filters are scripts")

ONCE = '[ -e "$0.done" ] && exec cat; touch "$0.done"; exit 1'
ALWAYS = "exit 1"


@pytest.fixture(autouse=True)
def _own_git_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def begun(tmp_path):
    course = make_course(tmp_path)
    start(course, None)
    edit(course.workspace / "app" / "main.py", 'NotImplementedError("L1.1")', "SystemExit")
    (course.workspace / "mine.txt").write_text("mine\n")
    return course


def break_writing(course, script):
    """Let git fail when it writes one of the files; it has written others by then."""
    stub = course.root / "filter"
    stub.write_text(f"#!/bin/sh\n{script}\n")
    stub.chmod(0o755)
    attributes = course.workspace / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("app/words.py filter=stub\n")
    git(course.workspace, "config", "filter.stub.smudge", str(stub))
    git(course.workspace, "config", "filter.stub.clean", "cat")
    git(course.workspace, "config", "filter.stub.required", "true")


@pytest.mark.parametrize("command", [solve, start])
def test_files_are_put_back_when_git_stops_half_way(begun, command):
    before = read_files(begun.workspace)
    break_writing(begun, ONCE)
    with pytest.raises(GitError) as caught:
        command(begun, 3)
    assert read_files(begun.workspace) == before
    assert "as they were" in caught.value.next_step
    command(begun, 3)


def test_way_back_is_told_when_they_cannot_be_put_back(begun):
    before = read_files(begun.workspace)
    break_writing(begun, ALWAYS)
    with pytest.raises(GitError, match="half-way") as caught:
        solve(begun, 3)
    (begun.workspace / ".git" / "info" / "attributes").unlink()
    with pytest.raises(WorkspaceError, match="cut off") as again:
        solve(begun, 3)
    back = caught.value.next_step.splitlines()[-1].partition(": ")[2]
    assert back in again.value.next_step
    subprocess.run(shlex.split(back), check=True)
    assert before.items() <= read_files(begun.workspace).items()
    solve(begun, 3)


def test_files_can_be_kept_as_they_are(begun):
    take_snapshot(open_workspace(begun.workspace), "a test")
    git(begun.workspace, "update-ref", WRITING_REF, "main")
    edit(begun.workspace / "app" / "words.py", 'LANGUAGE = "en"', 'LANGUAGE = "fr"')
    with pytest.raises(WorkspaceError) as caught:
        solve(begun, 1)
    keep = caught.value.next_step.splitlines()[-1].partition(": ")[2]
    subprocess.run(shlex.split(keep), check=True)
    assert solve(begun, 1).has_changed


def test_mark_of_a_command_that_was_done_is_no_hindrance(begun):
    git(begun.workspace, "update-ref", WRITING_REF, "course")
    assert solve(begun, 1).has_changed


@pytest.mark.parametrize("name", ["app/words.py", "app/count.py"])
def test_what_was_saved_after_the_snapshot_is_not_lost(begun, monkeypatch, name):
    def take_and_save(workspace, *given):
        taken = take_snapshot(workspace, *given)
        (begun.workspace / name).write_text("saved a moment ago\n")
        return taken

    monkeypatch.setattr("checker.workspace.rewrite.take_snapshot", take_and_save)
    with pytest.raises(GitError):
        solve(begun, 3)
    assert (begun.workspace / name).read_text() == "saved a moment ago\n"
