"""The gates that every file of the repository passes: linter, formatter, types, no addresses."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP_PYTHON = ROOT / ".venv-app" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BACKENDS = sorted(ROOT.glob("solutions/*/backend"))
STARTERS = sorted(ROOT.glob("lessons/*/starter"))

# Written in parts, so that this file passes its own test.
ADDRESSES = {
    "a registry": r"(files\.python"
    r"hosted|py"
    r"pi\.org|registry\.npm"
    r"js|registry\.yarn"
    r"pkg)",
    "a folder of one machine": r"(?<![\w.])/(work|Users)/\w|/ho"
    r"me/(?!ada/|user/|you/)\w+/|C:\\Users",
}


def run_tool(*arguments, folder=ROOT):
    """Run a tool of the authors' environment; return what it says when it is not content."""
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=600, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def list_tracked():
    """Return the files that git carries or would carry."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = os.fsdecode(listed.stdout).split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_linter_has_nothing_to_say():
    assert run_tool("ruff", "check", ".") == ""


def test_formatter_would_change_nothing():
    assert run_tool("ruff", "format", "--check", ".") == ""


def test_types_of_the_course_fit():
    assert run_tool("mypy") == ""


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.parent.name)
def test_types_of_the_solution_fit(backend):
    options = ("--config-file", ROOT / "pyproject.toml", "--python-executable", APP_PYTHON)
    cache = ROOT / ".mypy_cache" / backend.parent.name
    assert run_tool("mypy", *options, "--cache-dir", cache, "app", folder=backend) == ""


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.parent.name)
def test_starter_parses(starter):
    files = sorted(starter.rglob("*.py"))
    assert files
    for file in files:
        ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


@pytest.mark.parametrize("kind", ADDRESSES)
def test_no_file_names(kind):
    pattern = re.compile(ADDRESSES[kind].encode())
    found = {
        f"{file.relative_to(ROOT)}: {match.group().decode(errors='replace')}"
        for file in list_tracked()
        if (match := pattern.search(file.read_bytes()))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a registry", "https://py" + "pi.org/simple"),
        ("a registry", "https://registry.npm" + "js.org"),
        ("a folder of one machine", "see /work" + "/main/x"),
        ("a folder of one machine", "/ho" + "me/somebody/x"),
    ],
)
def test_address_is_recognised(kind, text):
    assert re.search(ADDRESSES[kind], text)


def test_every_lesson_is_looked_at():
    assert BACKENDS
    assert len(BACKENDS) == len(STARTERS)


def test_every_picture_is_shown_by_some_text():
    pictures = {file.name for file in (ROOT / "docs" / "images").iterdir()}
    texts = "".join(
        file.read_text(encoding="utf-8") for file in list_tracked() if file.suffix == ".md"
    )
    assert {name for name in pictures if name not in texts} == set()
