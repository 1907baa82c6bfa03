"""Wrong options, folders that hold no app, faults of ours: a clear message and the right code."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hostile import write_app

from checker.checks import test_04_1_client, test_05_7_safety, visitors
from checker.errors import CourseError
from checker.judge import repeating
from checker.judge.run import make_scratch
from checker.probes import requirements
from checker.probes.project import Project

pytest_plugins = ("judge_fixtures",)

LONG = 200_000  # of what a pattern must not search again from each place
USAGE = {
    "folder that is missing": (("1", "--dir", "nowhere"), "there is no folder"),
    "lesson out of range": (("99", "--solution"), "99"),
    "check that is unknown": (("1", "--solution", "--only", "nothing"), "named 'nothing'"),
    "seed that is no number": (("1", "--solution", "--seed", "x"), "--seed"),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_option_ends_with_3(name, run_course, tmp_path):
    options, message = USAGE[name]
    done = run_course("check", *(tmp_path / o if o == "nowhere" else o for o in options))
    assert done.returncode == 3, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_workspace_that_is_missing_is_told(run_course):
    done = run_course("check", 1)
    assert done.returncode in {2, 3}, done.stderr
    assert "./course start" in done.stderr


def test_report_that_cannot_be_written_ends_with_2(run_course, tmp_path):
    done = run_course("check", 1, "--solution", "--json", tmp_path, "--only", "L1.6")
    assert done.returncode == 2, done.stderr
    assert f"could not be written to {tmp_path}" in done.stderr


def test_folder_without_anything_fails_its_first_check(check, tmp_path):
    app = tmp_path / "app"
    app.mkdir()
    verdict = check(app)
    assert verdict.list_checks("failed")[0] == "layout_is_there"
    assert verdict.list_checks("passed") == []


def test_backend_that_is_a_file_fails_its_first_check(check, tmp_path):
    app = tmp_path / "app"
    app.mkdir()
    (app / "backend").write_text("not a folder")
    assert check(app).list_checks("failed")[0] == "layout_is_there"


REQUIREMENTS = {
    "version that does not exist": "fastapi==99.0.0\n",
    "no requirement at all": "fastapi is nice\n",
    "file that is not there": "-r other.txt\n",
    "file outside": "-r ../../../outside.txt\n",
    "file that includes itself": "-r requirements.txt\n",
    "hash of something else": f"iniconfig==2.1.0 --hash=sha256:{'0' * 64}\n",
}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_that_cannot_be_met_fail(name, check, tmp_path, monkeypatch):
    text = REQUIREMENTS[name]
    prefer_uv(monkeypatch)
    app = write_app(tmp_path / "app", files={"backend/requirements.txt": text})
    verdict = check(app)
    assert verdict.list_checks("failed") == ["app_starts"]
    finding = verdict.find("app_starts").finding
    assert finding.expected == "packages in backend/requirements.txt that can be installed"


def prefer_uv(monkeypatch):
    """Make environments with the authors' uv: venv and pip take ten times as long."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def test_requirements_in_several_files_are_read(check, tmp_path):
    files = {
        "backend/requirements.txt": "-r requirements/base.txt\n",
        "backend/requirements/base.txt": "fastapi==0.165.0\n-r server.txt\n",
        "backend/requirements/server.txt": "uvicorn==0.54.0\npydantic-settings==2.16.3\n",
    }
    verdict = check(write_app(tmp_path / "app", files=files), only=("app_starts",))
    assert verdict.report.exit_code == 0


def test_fault_of_ours_is_an_error_and_not_a_failure(check, tmp_path, monkeypatch):
    monkeypatch.setattr(Project, "is_ignored", lambda *_: 1 / 0)
    verdict = check(write_app(tmp_path / "app"), only=("secrets_are_ignored",))
    finding = verdict.find("secrets_are_ignored").finding
    assert verdict.report.exit_code == 2
    assert "a fault in the course itself: ZeroDivisionError" in finding.got
    assert "not your app's fault" in finding.next_step


def test_check_that_never_ran_is_an_error(check, tmp_path):
    def break_down(_result):
        raise ZeroDivisionError

    verdict = check(write_app(tmp_path / "app"), only=("L1.6",), listener=break_down)
    assert verdict.report.exit_code == 2
    assert verdict.list_checks("error")
    assert "the check did not run" in verdict.report.results[-1].finding.got


def test_warnings_that_are_errors_elsewhere_are_none_here(run_course):
    done = run_course("check", 1, "--solution", PYTHONWARNINGS="error::DeprecationWarning:checker")
    assert done.returncode == 0, done.stdout + done.stderr


def test_temporary_folder_that_is_missing_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(CourseError, match="no temporary folder") as caught, make_scratch():
        pass
    assert "TMPDIR" in caught.value.next_step


@pytest.fixture
def full_disk(tmp_path):
    """A disk of a quarter of a megabyte that has no room left."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk, and only on Linux")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    (disk / "filler").write_bytes(bytes(248 << 10))
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_full_disk_is_told_and_nothing_is_blamed_on_the_app(full_disk, run_course, tmp_path):
    app = write_app(tmp_path / "app", files={"backend/app/data.py": "#" * (64 << 10)})
    done = run_course("check", 1, "--dir", app, TMPDIR=str(full_disk))
    assert done.returncode == 2, done.stdout + done.stderr
    assert "No space left on device" in done.stderr
    assert "TMPDIR" in done.stderr
    assert [path.name for path in full_disk.iterdir()] == ["filler"]


def test_full_disk_of_the_cache_is_told(full_disk, run_course, tmp_path):
    (full_disk / "filler").write_bytes(bytes(256 << 10))
    app = write_app(tmp_path / "app", files={"backend/requirements.txt": "fastapi==0.165.0\n"})
    done = run_course("check", 1, "--dir", app, COURSE_CACHE=str(full_disk))
    assert done.returncode == 2, done.stdout + done.stderr
    assert "COURSE_CACHE" in done.stderr


@pytest.mark.parametrize(
    ("apply", "text"),
    [
        (repeating.TOKEN.search, "x" * LONG),
        (repeating.TOKEN.search, f"{'x' * 20}." * LONG),
        (requirements.INCLUDE.match, f"-r{' ' * LONG}#"),
        (visitors.TOKEN.search, "eyJ" * LONG),
        (test_05_7_safety.PUBLISHED.search, "NEXT_PUBLIC_" * LONG),
        (partial(test_04_1_client.COMMENT.sub, ""), "/*" * LONG),
        (partial(test_04_1_client.COMMENT.sub, ""), '\\"' * LONG),
        (partial(test_04_1_client.COMMENTED.sub, ""), "\n" * LONG),
    ],
)
def test_no_text_makes_a_pattern_look_for_hours(apply, text):
    apply(text)


@pytest.mark.parametrize(
    ("base", "strict"),
    [
        ('{"compilerOptions": {"strict": true}}', True),
        ('{"extends": "@tsconfig/strictest"}', True),
        ('{"extends": ["./none", null, "./base"]}', None),
        ("[]", None),
    ],
)
def test_options_of_typescript_are_found_in_what_is_extended(base, strict, tmp_path):
    app = write_app(
        tmp_path / "app",
        files={
            "frontend/tsconfig.json": '{"extends": "./base"}',
            "frontend/base.json": base,
        },
    )
    options = test_04_1_client.read_options(Project(app, app), "frontend/tsconfig.json")
    assert options.get("strict") is strict
