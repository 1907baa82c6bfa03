"""`./course new`: a project of one's own, without the course's marks, that passes its own tests."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from test_locks import read_pins
from test_quality import APP_PYTHON, ROOT

from checker.containers.engine import find_compose
from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.probes.node.tools import find_node
from checker.seed.marks import EDITS, remove_marks
from checker.seed.names import choose_name
from checker.seed.project import make_project

MARKS = re.compile(
    r"\bcourse\b|\blessons?\b|\bL\d\.\d|\blearners?\b|\btaskboard\b|\bjudge\b|\bsolutions?\b",
    re.IGNORECASE,
)
# pytest stands in this environment, the app in its own, whose packages come first.
PYTEST = "import sys; sys.path.append({site!r}); import pytest; sys.exit(pytest.main(sys.argv[1:]))"


@pytest.fixture
def project(run_course, tmp_path):
    folder = tmp_path / "project"
    done = run_course("new", "shopping-list", "--dir", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Shopping list is in {folder}: ")
    return folder


def run_in(folder: Path, *command: object, **variables: str) -> str:
    """Run a program; return what it says when it is not content."""
    env = os.environ | {"NO_COLOR": "1", "CI": "1", "NEXT_TELEMETRY_DISABLED": "1"} | variables
    done = subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def list_words(project: Path) -> dict[str, str]:
    """Return the text of every file that somebody wrote, and its name."""
    files = (file for file in project.rglob("*") if file.is_file())
    names = {file.relative_to(project).as_posix(): file for file in files}
    return {
        name: f"{name}\n{file.read_text(encoding='utf-8', errors='replace')}"
        for name, file in names.items()
        if not name.startswith(".git/") and not name.endswith("package-lock.json")
    }


def test_project_has_no_mark_of_the_course_and_is_committed(project):
    found = {
        name: mark.group()
        for name, text in list_words(project).items()
        if (mark := MARKS.search(text.replace("TaskBoard", "")))
    }
    assert found == {}
    log = subprocess.check_output(["git", "log", "--format=%s", "main"], cwd=project, text=True)
    state = subprocess.check_output(["git", "status", "--porcelain"], cwd=project, text=True)
    assert (log, state) == ("Begin Shopping list\n", "")


def test_project_passes_its_backend_tests(project):
    site = next(path for path in sys.path if path.endswith("site-packages"))
    command = [
        APP_PYTHON,
        "-c",
        PYTEST.format(site=site),
        "-q",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
    ]
    assert run_in(project / "backend", *command, PYTHONPATH="", DATABASE_URL="nowhere") == ""


def test_project_has_a_compose_file_that_compose_takes(project):
    try:
        compose = find_compose()
    except CourseError as error:
        pytest.skip(error.problem)
    secrets = {"POSTGRES_PASSWORD": "a", "BETTER_AUTH_SECRET": "b"}
    assert run_in(project, *compose, "config", **secrets) == ""


def test_project_builds_its_frontend(project, is_whole):
    if not is_whole:
        pytest.skip("the packages and the build take a minute: --whole")
    npm = find_node().npm
    frontend = project / "frontend"
    assert run_in(frontend, npm, "ci", "--prefer-offline", "--no-audit", "--no-fund") == ""
    for script in ("test", "lint", "typecheck", "build"):
        said = run_in(frontend, npm, "run", script, NEXT_PUBLIC_API_URL="http://localhost:8000")
        assert said == ""


def test_tests_of_a_project_are_pinned_as_the_course_is():
    lines = (ROOT / "seed" / "backend" / "requirements-dev.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    assert pins == {name: read_pins("requirements.lock")[name] for name in pins}


def test_new_without_git_makes_the_files_only(run_course, tmp_path):
    done = run_course("new", "notes", "--dir", tmp_path / "notes", PATH="")
    assert done.returncode == 0, done.stderr
    assert "no git repository yet" in done.stdout
    assert not (tmp_path / "notes" / ".git").exists()


@pytest.mark.parametrize("name", ["", "Notes", "my notes", "1st", "a--b", "-a", "x" * 31, "é"])
def test_name_that_does_not_fit_everywhere_is_refused(name):
    with pytest.raises(CourseError, match="cannot be the name of an app"):
        choose_name(name)


@pytest.mark.parametrize("name", ["null", "on", "nul", "com1", "postgres", "pg-tools"])
def test_name_that_means_something_else_is_refused(name):
    with pytest.raises(CourseError, match="means something else"):
        choose_name(name)


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("full", "is there already, and not empty"),
        ("file", "is there already"),
        (ROOT / "x", "own"),
    ],
)
def test_place_that_is_not_free_is_refused(run_course, tmp_path, place, problem):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    (tmp_path / "file").touch()
    done = run_course("new", "notes", "--dir", tmp_path / place)
    assert done.returncode == 3
    assert problem in done.stderr
    assert not (ROOT / "x").exists()


def test_place_that_cannot_be_written_is_named(run_course, tmp_path):
    (tmp_path / "file").touch()
    done = run_course("new", "notes", "--dir", tmp_path / "file" / "notes")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize("is_there", [True, False])
def test_half_a_project_is_taken_away(monkeypatch, tmp_path, is_there):
    def write_half(folder, _):
        (folder / "backend").mkdir(parents=True)
        (folder / "README.md").touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "app"
    if is_there:
        folder.mkdir()
    monkeypatch.setattr("checker.seed.project.write_files", write_half)
    with pytest.raises(CourseError, match="disk is full"):
        make_project(CoursePaths.find(), choose_name("app"), folder)
    assert list(tmp_path.rglob("*")) == [folder] * is_there


def test_app_that_no_longer_fits_the_edits_is_told_to_authors():
    with pytest.raises(CourseError, match=re.escape(EDITS[0].path)):
        remove_marks({})
