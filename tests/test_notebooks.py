"""The notebooks run from top to bottom, are kept without outputs, and open by one command."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest
from cohort import hand_in
from rich.console import Console
from test_quality import ROOT

from checker.errors import CourseError
from checker.notebooks.books import copy_book, find_book, list_books
from checker.notebooks.execute import execute
from checker.notebooks.lab import Lab
from checker.paths import CoursePaths
from checker.probes.port import find_free_port

PATHS = CoursePaths.find()
BOOKS = list_books(PATHS)
FAILS = "raises-exception"  # the tag of a cell that is there to fail
PLOTS = {"2": 0, "3": 1, "5": 2, "grade": 2}
SAMPLE = ROOT / "docs" / "grade" / "sample"
PATIENCE = 60  # seconds

each_book = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.key)


def read_cells(file, kind="code"):
    """Return the cells of a kind."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def has_failed(cell):
    """Tell whether a cell ended with an exception."""
    return any(output["output_type"] == "error" for output in cell["outputs"])


@each_book
def test_notebook_runs_and_fails_where_it_says_so(book, tmp_path):
    target = tmp_path / "run.ipynb"
    execute(book, target, PATHS)
    cells = read_cells(target)
    failed = ["".join(cell["source"]) for cell in cells if has_failed(cell)]
    assert failed == [
        "".join(cell["source"]) for cell in cells if FAILS in cell["metadata"].get("tags", [])
    ]
    pictures = [o for cell in cells for o in cell["outputs"] if "image/png" in o.get("data", {})]
    assert len(pictures) == PLOTS[book.key]


def test_notebook_that_fails_says_where(tmp_path):
    notebook = json.loads(BOOKS[0].source.read_text(encoding="utf-8"))
    notebook["cells"] = [read_cells(BOOKS[0].source)[0] | {"source": "import no_such_module"}]
    broken = tmp_path / "broken.ipynb"
    broken.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(CourseError, match="No module named 'no_such_module'"):
        execute(replace(BOOKS[0], source=broken), tmp_path / "run.ipynb", PATHS)


@each_book
def test_notebook_is_kept_without_outputs(book):
    cells = read_cells(book.source)
    assert [cell["id"] for cell in cells if cell["outputs"] or cell["execution_count"]] == []


@each_book
def test_notebook_asks_before_it_answers(book):
    texts = ["".join(cell["source"]) for cell in read_cells(book.source, "markdown")]
    assert sum("**Guess first" in text for text in texts) > 0
    assert [text for text in texts if len(text.split()) > 130] == []  # one idea a cell


@pytest.mark.parametrize("lesson", [2, 3, 5])
def test_text_of_the_lesson_names_its_notebook(lesson):
    [readme] = ROOT.glob(f"lessons/{lesson:02}-*/README.md")
    assert f"./course notebook {lesson}`" in readme.read_text(encoding="utf-8")


# The command


def test_command_without_a_number_lists_them(run_course):
    listed = run_course("notebook").stdout.splitlines()
    assert [line.split()[2] for line in listed] == ["2", "3", "5", "grade"]


def test_command_names_those_there_are(run_course):
    done = run_course("notebook", "4")
    assert done.returncode == 3
    assert "Give one of 2, 3, 5, grade." in done.stderr


def test_copy_of_the_learner_is_never_replaced(tmp_path):
    paths = CoursePaths(ROOT, tmp_path / "workspace", tmp_path / "cache")
    copy = copy_book(find_book(paths, "2"), paths)
    copy.write_text("mine")
    assert copy_book(find_book(paths, "2"), paths).read_text() == "mine"


def test_command_names_another_port_when_its_own_is_taken(run_course):
    port = find_free_port()
    with socket.create_server(("127.0.0.1", port)):
        done = run_course("notebook", "2", "--port", port)
    assert done.returncode == 2
    assert f"./course notebook 2 --port {port + 1}" in done.stderr


def test_lab_that_does_not_start_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr("checker.notebooks.lab.find_python", lambda: sys.executable)  # has none
    paths = CoursePaths(ROOT, tmp_path / "workspace", tmp_path / "cache")
    lab = Lab(copy_book(BOOKS[0], paths), find_free_port(), paths)
    variables = os.environ | {"JUPYTER_CONFIG_DIR": f"{tmp_path}"}
    with pytest.raises(CourseError, match="No module named jupyterlab"):
        lab.serve(variables, Console(), opens_browser=False)


@pytest.fixture
def lab(tmp_path):
    """`./course notebook 2`, started; its process, its port and its token."""
    port = find_free_port()
    command = [sys.executable, "-m", "checker", "notebook", "2", "--no-browser", "--port"]
    env = os.environ | {"COURSE_WORKSPACE": f"{tmp_path / 'workspace'}", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [*command, f"{port}"], cwd=ROOT, env=env, stdout=subprocess.PIPE, encoding="utf-8"
    )
    told = ""
    while "token=" not in told:
        line = process.stdout.readline()
        assert line, told
        told += line
    yield process, port, re.search(r"token=([\w-]+)", told)[1]
    process.terminate()
    process.wait(PATIENCE)
    process.stdout.close()


def ask(port, method, path, token):
    """Ask JupyterLab; return the status and the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, headers={"Authorization": f"token {token}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent to processes on POSIX only")
def test_lab_shows_the_copy_and_ends_with_its_kernels(lab):
    process, port, token = lab
    assert ask(port, "GET", "/api/contents", "wrong")[0] == 403
    listed = json.loads(ask(port, "GET", "/api/contents", token)[1])["content"]
    assert [entry["name"] for entry in listed] == ["explore.ipynb"]
    assert ask(port, "POST", "/api/kernels", token)[0] == 201
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) > 1
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []


# The sample that the graders' notebook looks at


def test_sample_is_what_the_command_grades(run_course, tmp_path, is_whole):
    if not is_whole:
        pytest.skip("24 submissions take a minute: --whole")
    (tmp_path / "handed").mkdir()
    hand_in(tmp_path / "handed")
    out = tmp_path / "graded"
    done = run_course("grade", tmp_path / "handed", "--lesson", 1, "--out", out, "--seed", 8)
    assert done.returncode == 0, done.stderr
    assert read_marks(out) == read_marks(SAMPLE)


def read_marks(graded):
    """Return the marks without the ids of the runs, which change with the checker."""
    text = (graded / "reports" / "marks.csv").read_text(encoding="utf-8")
    return [line.rpartition(",")[0] for line in text.splitlines()]
