"""Tests of a git that stops while it writes the learner's files, as on a disk that is full."""

import os
import sys
from contextlib import suppress
from dataclasses import replace
from errno import EACCES, ENOSPC
from pathlib import Path

import pytest
from report_samples import make_green
from small_course import edit, git, make_course, read_files

from checker.cli.app import main
from checker.course.layers import read_layers
from checker.course.manifest import load_lessons
from checker.paths import CoursePaths
from checker.workspace.aside import merge_aside, run_merge
from checker.workspace.commits import write_commits
from checker.workspace.describe import describe_torn
from checker.workspace.git import Git, GitError
from checker.workspace.issue import MergeConflictError, issue
from checker.workspace.repository import open_workspace
from checker.workspace.rewrite import solve
from checker.workspace.snapshot import take_snapshot
from checker.workspace.start import start
from checker.workspace.status import list_torn, read_status
from checker.workspace.writing import BEFORE_REF, TARGET_REF, put_back

pytestmark = pytest.mark.usefixtures("git_name")
needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="the stub filters are scripts")

ASIDE = 'case "$PWD" in *course-merge-*) exec cat;; esac'  # where git only tries what it makes
ONCE = f'{ASIDE}; [ -e "$0.done" ] && exec cat; touch "$0.done"; exit 1'
ALWAYS = f"{ASIDE}; exit 1"


@pytest.fixture
def begun(tmp_path):
    course = make_course(tmp_path)
    start(course, None)
    edit(course.workspace / "app" / "main.py", 'NotImplementedError("L1.1")', "SystemExit")
    (course.workspace / "mine.txt").write_text("mine\n")
    return course


def break_writing(course, script):
    """Let git fail when it writes one of the files; it has written others by then."""
    filter_by(course, "app/words.py", smudge=script, clean="exec cat")
    git(course.workspace, "config", "filter.stub.required", "true")


def filter_by(course, name, **scripts):
    """Let git pass a file through scripts: `smudge` when it writes it, `clean` when it reads it."""
    attributes = course.workspace / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text(f"{name} filter=stub\n")
    for kind, script in scripts.items():
        stub = course.root / kind
        stub.write_text(f"#!/bin/sh\n{script}\n")
        stub.chmod(0o755)
        git(course.workspace, "config", f"filter.stub.{kind}", str(stub))


@needs_scripts
@pytest.mark.parametrize("command", [solve, start])
def test_files_are_put_back_when_git_stops_half_way(begun, command):
    before = read_files(begun.workspace)
    break_writing(begun, ONCE)
    with pytest.raises(GitError) as caught:
        command(begun, 3)
    assert read_files(begun.workspace) == before
    assert "as they were" in caught.value.next_step
    command(begun, 3)


@needs_scripts
def test_next_command_puts_them_back_when_this_one_cannot(begun):
    before = read_files(begun.workspace)
    break_writing(begun, ALWAYS)
    with pytest.raises(GitError, match="half-way") as caught:
        solve(begun, 3)
    assert "puts your files back first" in caught.value.next_step
    assert read_files(begun.workspace) != before
    (begun.workspace / ".git" / "info" / "attributes").unlink()
    put_back(open_workspace(begun.workspace))
    assert read_files(begun.workspace) == before
    solve(begun, 3)


def tear(begun, name, content=None):
    """Leave the workspace as a loss of power leaves it while lesson 3 is brought in.

    One file is half written, unless it has this content.
    """
    workspace = open_workspace(begun.workspace)
    layers = read_layers(begun, load_lessons(begun))
    take_snapshot(workspace, "a test", layers.issued(3))
    merged = merge_aside(workspace, issue(workspace, layers, 3), "Start lesson 3")
    git(begun.workspace, "update-ref", BEFORE_REF, "main")
    git(begun.workspace, "update-ref", TARGET_REF, merged.commit)
    whole = git(begun.workspace, "show", f"{merged.commit}:{name}")
    torn = whole[: len(whole) // 2] if content is None else content
    (begun.workspace / name).write_text(torn)
    return merged


@pytest.mark.parametrize("name", ["app/words.py", "app/count.py"])
def test_half_of_a_file_is_put_back_after_a_loss_of_power(begun, name):
    before = read_files(begun.workspace)
    tear(begun, name)
    assert put_back(open_workspace(begun.workspace))
    assert read_files(begun.workspace) == before
    start(begun, 3)


@pytest.mark.parametrize("name", ["app/words.py", "app/count.py"])
def test_what_was_written_since_a_loss_of_power_stays(begun, name):
    tear(begun, name, "written since\n")
    with suppress(MergeConflictError):
        start(begun, 3)
    assert "written since" in (begun.workspace / name).read_text()


@pytest.mark.parametrize("name", ["app/words.py", "app/count.py"])
def test_what_was_saved_after_the_snapshot_is_not_lost(begun, monkeypatch, name):
    def take_and_save(workspace, *given):
        taken = take_snapshot(workspace, *given)
        (begun.workspace / name).write_text("saved a moment ago\n")
        return taken

    with monkeypatch.context() as patch:
        patch.setattr("checker.workspace.rewrite.take_snapshot", take_and_save)
        with pytest.raises(GitError) as caught:
            solve(begun, 3)
    assert (begun.workspace / name).read_text() == "saved a moment ago\n"
    assert name in caught.value.problem
    assert "same command again" in caught.value.next_step
    solve(begun, 3)
    saved = git(begun.workspace, "log", "--all", "--format=%H", "-Ssaved a moment ago", "--", name)
    assert saved


def test_lock_of_another_git_tears_nothing(begun, monkeypatch):
    lock = begun.workspace / ".git" / "index.lock"

    def write_and_lock(*given):
        write_commits(*given)
        (begun.workspace / "mine.txt").write_text("saved a moment ago\n")
        lock.touch()

    monkeypatch.setattr("checker.workspace.issue.write_commits", write_and_lock)
    with pytest.raises(GitError, match="Another git command") as caught:
        solve(begun, 3)
    assert "half-way" not in caught.value.problem
    lock.unlink()
    assert (begun.workspace / "mine.txt").read_text() == "saved a moment ago\n"


@needs_scripts
def test_interrupt_leaves_no_lock_of_git(begun):
    """Git runs in a group of its own: nobody but the course could end it, half-way."""
    filter_by(begun, "mine.txt", clean=f"kill -INT {os.getpid()}\nsleep 1\nexec cat")
    with pytest.raises(KeyboardInterrupt):
        take_snapshot(open_workspace(begun.workspace), "a test")
    assert not list((begun.workspace / ".git").glob("*.lock"))


@pytest.mark.parametrize("ref", [BEFORE_REF, TARGET_REF, "refs/course/next"])
@pytest.mark.parametrize("content", ["", "0" * 40])
def test_damaged_ref_of_the_course_is_no_hindrance(begun, ref, content):
    tear(begun, "app/words.py")
    file = begun.workspace / ".git" / ref
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    solve(begun, 3)
    assert not file.exists()


def test_half_is_put_back_though_something_was_committed_since(begun):
    tear(begun, "app/words.py")
    (begun.workspace / "mine.txt").write_text("committed since\n")
    git(begun.workspace, "commit", "--quiet", "-m", "Mine", "--", "mine.txt")
    assert put_back(open_workspace(begun.workspace))
    assert not git(begun.workspace, "status", "--porcelain", "--", "app/words.py")
    assert (begun.workspace / "mine.txt").read_text() == "committed since\n"


@pytest.mark.parametrize("own", ["", "written since\n"])
def test_conflict_of_git_is_put_back_but_no_line_of_the_learner(begun, own):
    words = begun.workspace / "app" / "words.py"
    words.write_text("ours\n")
    merged = tear(begun, "app/words.py")
    torn = words.read_text() + own
    words.write_text(torn)
    put_back(open_workspace(begun.workspace))
    assert merged.conflicts == ["app/words.py"]
    assert "<<<<<<<" in torn
    assert words.read_text() == (torn if own else "ours\n")


def test_status_and_check_say_that_a_command_was_cut_off(begun, monkeypatch, capsys):
    tear(begun, "app/words.py")
    monkeypatch.setattr(CoursePaths, "find", classmethod(lambda _: begun))
    monkeypatch.setattr("checker.judge.verdict.run_order", lambda *_: make_green())
    for command in (["status"], ["check", "1"]):
        main(command)
        assert "app/words.py in your workspace may be half of a file" in capsys.readouterr().out
    put_back(open_workspace(begun.workspace))
    main(["status"])
    assert "half of a file" not in capsys.readouterr().out


def test_index_with_a_conflict_and_no_merge_is_put_back(begun):
    (begun.workspace / "app" / "words.py").write_text("ours\n")
    before = read_files(begun.workspace)
    tear(begun, "app/words.py", "ours\n")
    course = git(begun.workspace, "rev-parse", "course")
    assert run_merge(open_workspace(begun.workspace).git, course, "Start lesson 3")
    (begun.workspace / ".git" / "MERGE_HEAD").unlink()
    assert put_back(open_workspace(begun.workspace))
    assert git(begun.workspace, "status", "--porcelain") == ""
    assert read_files(begun.workspace) == before


def test_what_git_makes_is_known_before_it_writes(begun):
    (begun.workspace / "app" / "words.py").write_text("ours\n")
    merged = tear(begun, "app/words.py", "ours\n")
    put_back(open_workspace(begun.workspace))
    with pytest.raises(MergeConflictError):
        start(begun, 3)
    git(begun.workspace, "add", "--all")
    assert git(begun.workspace, "write-tree") == git(
        begun.workspace, "rev-parse", f"{merged.commit}^{{tree}}"
    )


def list_left(begun):
    """List what is left of merges aside, and the work trees that git knows."""
    left = [path.name for path in (begun.workspace / ".git").glob("course-merge-*")]
    return left + git(begun.workspace, "worktree", "list").splitlines()[1:]


@needs_scripts
@pytest.mark.parametrize(
    ("smudge", "error"),
    [("exit 1", GitError), ("kill -INT {}; exec cat", KeyboardInterrupt)],
)
def test_merging_aside_leaves_nothing_behind(begun, smudge, error):
    before = read_files(begun.workspace)
    filter_by(begun, "mine.txt", smudge=smudge.format(os.getpid()), clean="exec cat")
    git(begun.workspace, "config", "filter.stub.required", "true")
    with pytest.raises(error) as caught:
        start(begun, 3)
    told = getattr(caught.value, "problem", "")
    assert ("course-merge-" in told, "mine.txt" in told) == (False, error is GitError)
    assert (list_left(begun), read_files(begun.workspace)) == ([], before)
    (begun.workspace / ".git" / "info" / "attributes").unlink()
    start(begun, 3)
    assert list_left(begun) == []


def test_what_a_merge_aside_has_left_goes_after_a_while(begun):
    old, new = (begun.workspace / ".git" / f"course-merge-{name}" for name in ("old", "new"))
    for folder in (old, new):
        (folder / "files").mkdir(parents=True)
    os.utime(old, (0, 0))
    start(begun, 3)
    assert (old.exists(), new.exists()) == (False, True)


def test_folder_that_cannot_be_made_for_a_merge_is_told(begun, monkeypatch):
    def refuse(**_):
        raise OSError(ENOSPC, "No space left on device")

    before = read_files(begun.workspace)
    monkeypatch.setattr("checker.workspace.aside.TemporaryDirectory", refuse)
    with pytest.raises(GitError, match="No space left") as caught:
        start(begun, 3)
    assert "same command again" in caught.value.next_step
    assert read_files(begun.workspace) == before


def test_commit_that_was_made_meanwhile_is_told(begun, monkeypatch):
    def merge_and_commit(workspace, *given):
        merged = merge_aside(workspace, *given)
        git(begun.workspace, "commit", "--quiet", "--allow-empty", "-m", "Mine")
        return merged

    with monkeypatch.context() as patch:
        patch.setattr("checker.workspace.issue.merge_aside", merge_and_commit)
        with pytest.raises(GitError, match="committed to main a moment ago"):
            start(begun, 3)
    start(begun, 3)
    assert "Mine" in git(begun.workspace, "log", "--format=%s")


def die(*_):
    raise EndOfProcess


class EndOfProcess(BaseException):
    """What follows does not run, as when the process is killed."""


def end_conflict(begun, monkeypatch):
    """Let the process be killed behind a merge with a conflict, and end that merge by hand."""
    (begun.workspace / "app" / "words.py").write_text("ours\n")
    with monkeypatch.context() as patch:
        patch.setattr("checker.workspace.writing.flush", die)
        with pytest.raises(EndOfProcess):
            start(begun, 3)
    git(begun.workspace, "add", "--all")
    git(begun.workspace, "commit", "--quiet", "--no-edit")


def merge_anew(begun, _):
    """Let the process be killed within a clean merge, throw that away, and merge by hand."""
    tear(begun, "app/words.py")
    git(begun.workspace, "checkout", "--quiet", ".")
    git(begun.workspace, "merge", "--quiet", "--no-edit", "course")


@pytest.mark.parametrize("end", [end_conflict, merge_anew])
def test_lesson_stays_when_the_learner_ends_what_was_cut_off(begun, monkeypatch, end):
    end(begun, monkeypatch)
    files = read_files(begun.workspace)
    assert "app/count.py" in files
    assert git(begun.workspace, "for-each-ref", "refs/course/writing")
    assert read_status(begun).torn == []
    assert not put_back(open_workspace(begun.workspace))
    assert read_files(begun.workspace) == files


def test_setting_of_the_branch_decides_no_merge(begun):
    git(begun.workspace, "config", "branch.main.mergeOptions", "--squash")
    start(begun, 3)
    assert git(begun.workspace, "status", "--porcelain") == ""
    assert "Start lesson 3" in git(begun.workspace, "log", "-1", "--format=%s")


def test_file_that_cannot_be_read_is_told_after_a_cut(begun, monkeypatch):
    def refuse(_):
        raise PermissionError(EACCES, "Permission denied")

    tear(begun, "app/words.py")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        with pytest.raises(GitError, match="cannot be read: Permission denied"):
            put_back(open_workspace(begun.workspace))
        assert list_torn(open_workspace(begun.workspace)) == []
    assert put_back(open_workspace(begun.workspace))


@pytest.mark.parametrize("has_conflict", [True, False])
def test_ignored_file_that_was_saved_after_the_snapshot_is_not_lost(
    begun, monkeypatch, has_conflict
):
    def take_and_save(workspace, *given):
        taken = take_snapshot(workspace, *given)
        ignored.parent.mkdir()
        ignored.write_text("count.py\n")
        count.write_text("saved a moment ago\n")
        return taken

    if has_conflict:
        (begun.workspace / "app" / "words.py").write_text("ours\n")
    ignored = begun.workspace / ".git" / "info" / "exclude"
    count = begun.workspace / "app" / "count.py"
    with monkeypatch.context() as patch:
        patch.setattr("checker.workspace.start.take_snapshot", take_and_save)
        with pytest.raises(GitError, match="saved a moment ago"):
            start(begun, 3)
    assert count.read_text() == "saved a moment ago\n"


def test_folder_that_took_the_place_of_a_file_stays(begun):
    tear(begun, "app/words.py")
    words = begun.workspace / "app" / "words.py"
    words.unlink()
    words.mkdir()
    (words / "en.py").write_text("written since\n")
    put_back(open_workspace(begun.workspace))
    assert (words / "en.py").read_text() == "written since\n"


def test_half_of_a_file_that_the_learner_has_moved_is_put_back(begun):
    moved = begun.workspace / "app" / "terms.py"
    (begun.workspace / "app" / "words.py").rename(moved)
    before = moved.read_text()
    tear(begun, "app/terms.py")
    assert moved.read_text() != before
    put_back(open_workspace(begun.workspace))
    assert moved.read_text() == before


def test_line_that_was_cut_within_its_end_is_put_back(begun):
    words = begun.workspace / "app" / "words.py"
    before = words.read_bytes()
    whole = tear(begun, "app/words.py", before.decode())
    theirs = git(begun.workspace, "show", f"{whole.commit}:app/words.py")
    words.write_bytes(theirs[: theirs.index("\n")].encode() + b"\r")
    assert put_back(open_workspace(begun.workspace))
    assert words.read_bytes() == before


def test_many_files_that_were_cut_off_are_not_all_named():
    told = describe_torn([f"{number}.py" for number in range(100)])
    assert "9.py and 90 more in your workspace" in told


def test_lesson_comes_into_a_work_tree_of_another_repository(begun, tmp_path):
    linked = tmp_path / "linked"
    git(begun.workspace, "add", "--all")
    git(begun.workspace, "commit", "--quiet", "-m", "Mine")
    git(begun.workspace, "checkout", "--quiet", "--detach")
    git(begun.workspace, "worktree", "add", "--quiet", str(linked), "main")
    start(replace(begun, workspace=linked), 3)
    assert (linked / "app" / "count.py").exists()


@pytest.mark.parametrize("hidden", ["--assume-unchanged", "--skip-worktree"])
def test_file_at_which_git_was_told_not_to_look_is_saved(begun, hidden):
    git(begun.workspace, "update-index", hidden, "app/words.py")
    (begun.workspace / "app" / "words.py").write_text("hidden\n")
    take_snapshot(open_workspace(begun.workspace), "a test")
    assert git(begun.workspace, "show", "main:app/words.py") == "hidden"


def test_solving_a_lesson_that_had_not_begun_is_one_step(begun, monkeypatch):
    merges = []

    def fail_at_the_second(git, *arguments, **given):
        if arguments[0] == "merge":
            merges.append(arguments)
            if len(merges) > 1:
                raise GitError("The disk is full", "Free some space.")
        return run(git, *arguments, **given)

    run = Git.run
    monkeypatch.setattr(Git, "run", fail_at_the_second)
    before = git(begun.workspace, "rev-parse", "main")
    assert solve(begun, 3).has_changed
    begins = git(begun.workspace, "log", "--format=%s", f"{before}..main").splitlines()
    assert [line for line in begins if "lesson 3" in line] == ["Solve lesson 3", "Start lesson 3"]
