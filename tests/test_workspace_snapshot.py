"""Tests of what a snapshot saves, and of the settings and surroundings that must not matter."""

import os
import sys
from pathlib import Path

import pytest
from small_course import edit, git, make_course, read_files

from checker.paths import CoursePaths
from checker.workspace.repository import WorkspaceError
from checker.workspace.rewrite import catch_up, solve
from checker.workspace.start import start

pytestmark = pytest.mark.usefixtures("git_settings")
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs the names and links of POSIX")


@pytest.fixture
def begun(tmp_path: Path) -> CoursePaths:
    paths = make_course(tmp_path)
    start(paths, 1)
    return paths


def show(paths: CoursePaths, commit: str, path: str) -> str:
    return git(paths.workspace, "show", f"{commit}:{path}")


def list_saved(paths: CoursePaths, commit: str) -> set[str]:
    return set(git(paths.workspace, "ls-tree", "-rz", "--name-only", commit).split("\0")) - {""}


def test_snapshot_holds_changed_new_and_deleted_files(begun):
    (begun.workspace / "app" / "main.py").write_text("changed\n")
    (begun.workspace / "app" / "old.py").unlink()
    (begun.workspace / "new").mkdir()
    (begun.workspace / "new" / "file.txt").write_text("new\n")
    before = solve(begun, 1).before
    assert show(begun, before, "app/main.py") == "changed"
    assert show(begun, before, "new/file.txt") == "new"
    assert "app/old.py" not in list_saved(begun, before)


def test_snapshot_holds_what_was_staged_and_then_changed_again(begun):
    file = begun.workspace / "app" / "main.py"
    file.write_text("staged\n")
    git(begun.workspace, "add", "app/main.py")
    file.write_text("later\n")
    before = solve(begun, 1).before
    assert show(begun, before, "app/main.py") == "later"
    assert show(begun, f"{before}~1", "app/main.py") == "staged"


def test_snapshot_of_staged_changes_alone_is_one_commit(begun):
    (begun.workspace / "app" / "main.py").write_text("staged\n")
    git(begun.workspace, "add", "app/main.py")
    before = solve(begun, 1).before
    assert git(begun.workspace, "log", "-1", "--format=%s", before) == "Before solve 1"
    assert git(begun.workspace, "log", "-1", "--format=%s", f"{before}~1") == "Start lesson 1"


def test_snapshot_saves_an_ignored_file_that_the_course_would_overwrite(begun):
    (begun.workspace / ".gitignore").write_text("count.py\n")
    (begun.workspace / "app" / "count.py").write_text("mine\n")
    before = catch_up(begun, 2).before
    assert show(begun, before, "app/count.py") == "mine"
    assert b"TODO L2.1" in (begun.workspace / "app" / "count.py").read_bytes()


def test_snapshot_saves_an_ignored_folder_where_the_course_puts_a_file(begun):
    (begun.workspace / ".gitignore").write_text("count.py\n")
    (begun.workspace / "app" / "count.py").mkdir()
    (begun.workspace / "app" / "count.py" / "mine.txt").write_text("mine\n")
    before = catch_up(begun, 2).before
    assert show(begun, before, "app/count.py/mine.txt") == "mine"
    assert (begun.workspace / "app" / "count.py").is_file()


def test_snapshot_leaves_other_ignored_files_alone(begun):
    (begun.workspace / "big.cache").write_text("cache\n")
    before = solve(begun, 1).before
    assert "big.cache" not in list_saved(begun, before)
    assert (begun.workspace / "big.cache").read_text() == "cache\n"


@pytest.mark.parametrize("name", [".env", "app/.env", ".env.local"])
def test_snapshot_never_holds_secrets(begun, name):
    (begun.workspace / ".gitignore").write_text("\n")
    (begun.workspace / name).write_text("BETTER_AUTH_SECRET=not-a-real-one\n")
    before = solve(begun, 1).before
    assert name not in list_saved(begun, before)
    assert (begun.workspace / name).exists()


def test_snapshot_holds_the_example_of_the_secrets(begun):
    (begun.workspace / ".env.example").write_text("BETTER_AUTH_SECRET=\n")
    assert ".env.example" in list_saved(begun, solve(begun, 1).before)


@posix
def test_snapshot_holds_files_of_any_name(begun):
    names = {"with space", 'quo"te', "new\nline", "tab\t", "ünïcode", "-dash", ":(top)x", "*", "#a"}
    for name in names:
        (begun.workspace / name).write_text(f"{name}\n")
    assert names <= list_saved(begun, solve(begun, 1).before)


@posix
def test_snapshot_holds_a_name_that_is_no_text(begun):
    (begun.workspace / os.fsdecode(b"\xff\xfe")).write_text("x")
    solve(begun, 1)
    assert git(begun.workspace, "ls-files", "--others") == ""


@posix
def test_snapshot_holds_links_and_programs(begun):
    (begun.workspace / "link").symlink_to("/nowhere")
    (begun.workspace / "tool").write_text("x")
    (begun.workspace / "tool").chmod(0o755)
    before = solve(begun, 1).before
    modes = git(begun.workspace, "ls-tree", before, "link", "tool").splitlines()
    assert [line[:6] for line in modes] == ["120000", "100755"]


@posix
def test_folder_replaced_by_a_link_comes_back_and_its_target_stays(begun, tmp_path):
    outside = tmp_path / "outside"
    (begun.workspace / "app").rename(outside)
    (outside / "main.py").write_text("outside\n")
    (begun.workspace / "app").symlink_to(outside)
    before = solve(begun, 1).before
    assert git(begun.workspace, "ls-tree", before, "app")[:6] == "120000"
    assert (outside / "main.py").read_text() == "outside\n"
    assert not (begun.workspace / "app").is_symlink()


def test_folder_replaced_by_a_file_is_saved_and_restored(begun):
    for file in (begun.workspace / "app").iterdir():
        file.unlink()
    (begun.workspace / "app").rmdir()
    (begun.workspace / "app").write_text("mine\n")
    before = solve(begun, 1).before
    assert show(begun, before, "app") == "mine"
    assert (begun.workspace / "app" / "main.py").is_file()


def test_file_replaced_by_a_folder_is_saved_and_restored(begun):
    (begun.workspace / "run.sh").unlink()
    (begun.workspace / "run.sh").mkdir()
    (begun.workspace / "run.sh" / "mine").write_text("mine\n")
    before = solve(begun, 1).before
    assert show(begun, before, "run.sh/mine") == "mine"
    assert (begun.workspace / "run.sh").is_file()


def test_line_ends_of_the_learner_are_saved_as_they_are(begun, git_settings):
    git_settings.write_text("[core]\n\tautocrlf = true\n\tsafecrlf = true\n")
    (begun.workspace / "dos.txt").write_bytes(b"a\r\nb\r\n")
    before = solve(begun, 1).before
    assert git(begun.workspace, "cat-file", "-s", f"{before}:dos.txt") == "6"
    assert (begun.workspace / "dos.txt").read_bytes() == b"a\r\nb\r\n"


def test_learner_without_a_name_is_not_asked_for_one(begun):
    (begun.workspace / "mine").write_text("x")
    before = solve(begun, 1).before
    assert git(begun.workspace, "log", "-1", "--format=%an <%ae>", before) == (
        "Learner <learner@example.invalid>"
    )


def test_learner_with_a_name_signs_with_it(begun, git_settings):
    git_settings.write_text('[user]\n\tname = "Ada L. <x>"\n\temail = ada@example.com\n')
    (begun.workspace / "mine").write_text("x")
    before = solve(begun, 1).before
    for commit in (before, "main"):
        author = git(begun.workspace, "log", "-1", "--format=%an|%ae|%cn", commit)
        assert author == "Ada L. x|ada@example.com|Ada L. x"


@posix
def test_hooks_and_signing_and_fixed_merges_of_the_learner_do_not_matter(
    begun, git_settings, tmp_path
):
    hook = begun.workspace / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "pre-merge-commit", "post-merge", "post-checkout"):
        hook.with_name(name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        hook.with_name(name).chmod(0o755)
    git_settings.write_text(
        "[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n[merge]\n\tff = only\n"
        "[log]\n\tshowSignature = true\n[grep]\n\tpatternType = fixed\n[status]\n"
        "\tshowUntrackedFiles = no\n[core]\n\tquotePath = true\n\teditor = false\n"
    )
    (begun.workspace / "mine").write_text("x")
    start(begun, 2)
    solve(begun, 2)
    assert not (tmp_path / "ran").exists()
    assert git(begun.workspace, "log", "-1", "--format=%s", "--grep=Before start 2", "main")


def test_repository_of_the_caller_is_not_touched(begun, monkeypatch, tmp_path):
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(outer / ".git"))
    (begun.workspace / "mine").write_text("x")
    solve(begun, 1)
    start(begun, 2)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.delenv(name)
    assert not (outer / ".git" / "index").exists()
    assert git(begun.workspace, "log", "--format=%s", "--grep=Before solve 1")


def test_workspace_inside_another_repository_leaves_that_one_alone(tmp_path):
    paths = make_course(tmp_path)
    git(tmp_path, "init", "-q")
    start(paths, 1)
    solve(paths, 1)
    assert not (tmp_path / ".git" / "index").exists()
    (paths.workspace / ".git").rename(tmp_path / "moved")
    with pytest.raises(WorkspaceError, match=r"has no \.git folder"):
        solve(paths, 1)
    assert not (tmp_path / ".git" / "index").exists()


def test_workspace_with_spaces_in_its_path(tmp_path):
    course = make_course(tmp_path)
    paths = CoursePaths(course.root, tmp_path / "my work" / "the course", course.cache)
    start(paths, 1)
    (paths.workspace / "mine").write_text("x")
    start(paths, 2)
    assert "app/count.py" in read_files(paths.workspace)


@posix
def test_workspace_behind_a_link(tmp_path):
    course = make_course(tmp_path)
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    paths = CoursePaths(course.root, tmp_path / "link", course.cache)
    start(paths, 1)
    edit(paths.workspace / "app" / "words.py", 'GREETING = ""', 'GREETING = "Hi"')
    start(paths, 2)
    assert "app/count.py" in read_files(tmp_path / "real")
