"""The app's files: what is copied, what is read, what git would leave out."""

import ast
import subprocess
from pathlib import Path

import pytest

from checker.errors import ProbeError
from checker.probes import submission
from checker.probes.guest.removal import remove_tree
from checker.probes.project import Project
from checker.probes.submission import SubmissionError, copy_app

RULES = {
    ".gitignore": "*.log\n!keep.log\n/build/\n.env*\n!*.example\nvenv/\ndocs/**/out\n# x\n\\#y\n",
    "backend/.gitignore": "!debug.log\nlocal/\n*.py[cod]\n",
    "closed/.gitignore": "*\n!open.txt\n",
    "build/.gitignore": "!*\n",
}
PATHS = (
    *("a.log", "keep.log", "backend/a.log", "backend/debug.log", "build/x", "backend/build/x"),
    *(".env", ".env.local", ".env.example", "backend/.env", "backend/.env.example"),
    *("venv/x", "backend/venv/y/z", "venv", "docs/out", "docs/a/b/out", "docs/a/outer"),
    *("backend/local/x", "local/x", "backend/x.pyc", "x.pyc", "#y", "closed/open.txt", "closed/z"),
)


@pytest.fixture
def write(tmp_path):
    """Write files of an app, and return its folder."""

    def write_files(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "app" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "app"

    return write_files


def test_ignored_files_are_those_that_git_ignores(write):
    app = write(RULES)
    project = Project(app, app)
    mine = {path for path in PATHS if project.is_ignored(path)}
    assert mine == ask_git(app)


def ask_git(app: Path) -> set[str]:
    """Return which of the paths git leaves out; `venv` without a slash is a file here."""
    subprocess.run(["git", "init", "-q", str(app)], check=True)
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin"],
        cwd=app,
        input="\n".join(PATHS),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return set(done.stdout.split())


def test_rules_that_take_for_ever_are_left_out(write):
    app = write({".gitignore": "*a*a*a*a*a*a*a*a*a*a*a*b\n*.log\n"})
    project = Project(app, app)
    assert not project.is_ignored("a" * 200)
    assert project.is_ignored("a" * 200 + ".log")


def test_files_stay_as_they_were_when_the_run_began(write):
    app = write({"backend/app/main.py": "before = 1\n"})
    project = Project(app, app)
    (app / "backend/app/main.py").write_text("after = 1\n")
    assert project.read("backend/app/main.py") == "before = 1\n"
    assert project.read("backend/app/nothing.py") is None


@pytest.mark.parametrize(
    "text", ["def broken(", "\0", "(" * 500 + ")" * 500, "a" + ".a" * 100_000, "-" * 100_000 + "1"]
)
def test_module_that_cannot_be_parsed_is_left_out(text, write):
    app = write({"backend/app/bad.py": text, "backend/app/good.py": "'\\d'\n"})
    parsed = dict(Project(app, app).parse_modules("backend/app"))
    assert list(parsed) == ["backend/app/good.py"]
    assert isinstance(parsed["backend/app/good.py"], ast.Module)


def test_copy_that_finds_no_room_is_not_the_learner_s_fault(write, tmp_path):
    app = write({"backend/app/main.py": ""})
    (tmp_path / "copy").write_text("no folder")
    with pytest.raises(ProbeError, match="could not be copied"):
        copy_app(app, tmp_path / "copy")


def test_copy_of_too_much_is_refused_before_anything_is_written(write, tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MOST_BYTES", 10)
    app = write({"a": "x" * 6, "b": "x" * 6})
    with pytest.raises(SubmissionError, match="more than"):
        copy_app(app, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_copy_counts_what_links_bring_along(write, tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MOST_BYTES", 20)
    app = write({"a": "x" * 12})
    (app / "b").symlink_to("a")
    with pytest.raises(SubmissionError, match="more than"):
        copy_app(app, tmp_path / "copy")


def test_copy_keeps_links_inside_and_drops_the_others(write, tmp_path):
    app = write({"backend/app/main.py": "x = 1"})
    (tmp_path / "secret").write_text("secret")
    (app / "backend/inside").symlink_to(app / "backend/app")
    (app / "file").symlink_to(app / "backend/app/main.py")
    (app / "outside").symlink_to(tmp_path)
    (app / "secret").symlink_to(tmp_path / "secret")
    (app / "loop").symlink_to("loop")
    copy = tmp_path / "copy"
    copy_app(app, copy)
    assert sorted(path.name for path in copy.iterdir()) == ["backend", "file"]
    assert (copy / "backend/inside").resolve() == copy / "backend/app"


def test_tree_that_is_deep_and_closed_is_removed(tmp_path):
    folder = tmp_path / "deep"
    make_deep(folder, 1100)
    (folder / "closed").mkdir(0)
    (folder / "link").symlink_to(tmp_path)
    remove_tree(folder)
    remove_tree(folder)
    assert list(tmp_path.iterdir()) == []


def make_deep(folder: Path, depth: int) -> None:
    """Nest folders deeper than a path can name, by moving each into a new one."""
    inner = folder.with_name("inner")
    inner.mkdir()
    for _ in range(depth):
        outer = folder.with_name("outer")
        outer.mkdir()
        inner.rename(outer / ("d" * 20))
        outer.rename(inner)
    inner.rename(folder)
