"""Run the course as a user does: one command in a process of its own, then look at what it says."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

collect_ignore = ["apps"]  # they hold tests of their own

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("COURSE_", "FORCE_COLOR", "PYTEST_", "PYTHONDONTWRITEBYTECODE", "TTY_")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class Verdict:
    """What one run of the checks over one app came to.

    Attributes:
        code: The exit code.
        text: What the terminal showed; put into the message of every assertion.
        report: The JSON report.
    """

    code: int
    text: str
    report: dict[str, Any]

    def list_checks(self, *outcomes: str) -> set[str]:
        """Return the ids of the checks that ended so."""
        return {r["id"] for r in self.report["results"] if r["outcome"] in outcomes}

    def find(self, name: str) -> dict[str, Any]:
        """Return the result of one check."""
        return next(r for r in self.report["results"] if r["id"] == name)


CheckApp = Callable[..., Verdict]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--whole",
        action="store_true",
        help="all apps and attacks, by every check: slow",
    )


def pytest_configure() -> None:
    # Whoever runs tests in the background ignores SIGINT, and what tests start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def is_whole(pytestconfig: pytest.Config) -> bool:
    """Tell whether apps meet every check, however long that takes."""
    return bool(pytestconfig.getoption("--whole"))


@pytest.fixture
def run_course(tmp_path: Path) -> Run:
    """Run `python -m checker` with these arguments, apart from the machine's own settings."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)},
        "COURSE_WORKSPACE": str(tmp_path / "workspace"),
        "COURSE_CACHE": str(ROOT / ".cache"),  # environments of right apps are made once
        "COURSE_BUILDS": "80",  # and so are the frontends of wrong ones
        "COURSE_WARM_SECONDS": "60",  # nothing stays up for long after the last test
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
    }

    def run(*arguments: object, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "checker", *map(str, arguments)],
            cwd=ROOT,
            env=env | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=900,  # packages, a build and a browser on a busy machine
            check=False,
        )

    return run


@pytest.fixture
def check_app(run_course: Run, tmp_path: Path) -> CheckApp:
    """Check the app in a folder, by the front door."""

    def check(folder: Path, lesson: int, *options: object, **variables: str) -> Verdict:
        file = tmp_path / "report.json"
        done = run_course("check", lesson, "--dir", folder, "--json", file, *options, **variables)
        text = f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert file.exists(), text
        return Verdict(done.returncode, done.stdout, json.loads(file.read_text(encoding="utf-8")))

    return check


@pytest.fixture
def git_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give git settings of the test's own, with nobody's name in them; return their file."""
    file = tmp_path_factory.mktemp("git") / "gitconfig"
    file.touch()
    for variable in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return file


@pytest.fixture
def git_name(git_settings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give git the name of Ada, in settings of the test's own."""
    for person in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{person}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{person}_EMAIL", "ada@example.com")
    return git_settings
