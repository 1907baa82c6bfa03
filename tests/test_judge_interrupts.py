"""Runs that are cut off: by the user, by the system, by the app itself. Nothing stays behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from hostile import ROOT, SOLUTION, list_marked, wait_until_clean, write_app

from checker.probes import forked
from checker.probes.app import AppLimits

pytest_plugins = ("judge_fixtures",)

SLEEP = """
import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(3600)
open({file!r}, "w").write(str(os.getppid()))
time.sleep(3600)
"""
LAUNCHERS = ["forked", pytest.param("fresh", id="fresh")]


@pytest.fixture
def hanging(tmp_path):
    """An app that never answers and has a daemon; its file says who started it, once it runs."""
    file = tmp_path / "host"
    return write_app(tmp_path / "app", SLEEP.format(file=str(file))), file


@pytest.fixture
def start_judge(leftovers, tmp_path):
    """Start a check in a process of its own, which the test may hurt."""
    started = []

    def start(app: Path, *options: str, launcher: str = "forked") -> "subprocess.Popen[str]":
        env = {n: v for n, v in os.environ.items() if not n.startswith(("COURSE_", "PYTEST_"))}
        env |= {"COURSE_WORKSPACE": str(tmp_path / "workspace"), "COURSE_LAUNCHER": launcher}
        judge = subprocess.Popen(
            [sys.executable, "-m", "checker", "check", "1", "--dir", str(app), *options],
            cwd=ROOT,
            env=env | {"TMPDIR": str(leftovers), "COURSE_CACHE": str(ROOT / ".cache")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        started.append(judge)
        return judge

    yield start
    for judge in started:
        judge.kill()
        judge.wait()
        judge.stdout.close()


def wait_for_file(file: Path) -> int:
    """Wait until the app runs, and return the process that started it."""
    deadline = time.monotonic() + 30
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < deadline, "the app did not start"
        time.sleep(0.02)
    return int(file.read_text())


@pytest.mark.parametrize("launcher", LAUNCHERS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_ends_with_130_and_leaves_nothing(
    number, launcher, hanging, start_judge, leftovers
):
    app, file = hanging
    judge = start_judge(app, launcher=launcher)
    wait_for_file(file)
    judge.send_signal(number)
    output, _ = judge.communicate(timeout=30)
    assert judge.returncode == 130, output
    assert "interrupted: everything this command started has ended." in output
    assert not wait_until_clean(leftovers)


INTERRUPTED_IN_A_STRING = """
from checker.cli import app

def interrupt(*_arguments, **_options):
    exec("raise KeyboardInterrupt")

app.build_app = lambda: interrupt
raise SystemExit(app.main())
"""


def test_command_interrupted_during_an_import_ends_with_130(tmp_path):
    (tmp_path / "interrupted.py").write_text(INTERRUPTED_IN_A_STRING)
    path = os.pathsep.join([f"{ROOT}", f"{tmp_path}"])
    done = subprocess.run(
        [sys.executable, "-m", "interrupted"], env=os.environ | {"PYTHONPATH": path}, check=False
    )
    assert done.returncode == 130


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_killed_judge_leaves_nothing(launcher, hanging, start_judge, leftovers):
    app, file = hanging
    judge = start_judge(app, launcher=launcher)
    wait_for_file(file)
    judge.kill()
    judge.communicate()
    assert not wait_until_clean(leftovers)


def test_killed_host_fails_the_start_and_leaves_nothing(hanging, start_judge, leftovers):
    app, file = hanging
    judge = start_judge(app)
    os.kill(wait_for_file(file), signal.SIGKILL)
    output, _ = judge.communicate(timeout=60)
    assert judge.returncode == 1, output
    assert "exit code -9 (SIGKILL)" in output
    assert not wait_until_clean(leftovers)


def test_stopped_host_is_given_up(check, tmp_path, monkeypatch):
    monkeypatch.setattr(forked, "LONGEST_END", 1.0)
    code = "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nos._exit(1)"
    verdict = check(write_app(tmp_path / "app", code), AppLimits(start=0.5), only=("app_starts",))
    assert verdict.list_checks("failed") == ["app_starts"]


def test_killed_nursery_is_replaced(check, leftovers, tmp_path):
    app = write_app(tmp_path / "app")
    for _ in range(2):
        assert check(app, only=("app_starts",)).report.exit_code == 0
        nurseries = [p for p in list_marked(leftovers) if "nursery.py" in " ".join(p.cmdline())]
        for nursery in nurseries:
            nursery.kill()
        psutil.wait_procs(nurseries, timeout=10)


def test_four_runs_at_once_do_not_meet(start_judge, tmp_path):
    files = [tmp_path / f"{number}.json" for number in range(4)]
    judges = [start_judge(SOLUTION, "--json", str(file)) for file in files]
    outputs = [judge.communicate(timeout=120)[0] for judge in judges]
    assert [judge.returncode for judge in judges] == [0] * 4, "\n".join(outputs)
    assert {json.loads(file.read_text())["score"] for file in files} == {20}


def test_fresh_launcher_passes_the_solutions(run_course, leftovers):
    done = run_course("check", 2, "--solution", COURSE_LAUNCHER="fresh")
    assert done.returncode == 0, done.stdout
    assert not wait_until_clean(leftovers)


def test_fresh_launcher_ends_what_an_app_left_behind(check, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_LAUNCHER", "fresh")
    code = """
    import os, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.chdir("/")
            time.sleep(3600)
        os._exit(0)
    """
    assert check(write_app(tmp_path / "app", code), only=("L1.1",)).report.exit_code == 0


def test_runs_in_one_process_lose_nothing(check, tmp_path):
    app = write_app(tmp_path / "app")
    check(app, only=("L1.1",))  # imports, and the first connection to the nursery
    before = count_resources()
    for _ in range(5):
        check(app, only=("L1.1",))
    assert count_resources() == before


def count_resources():
    """Return the descriptors, the threads and the children that this process has."""
    me = psutil.Process()
    living = [child for child in me.children() if child.status() != psutil.STATUS_ZOMBIE]
    zombies = len(me.children()) - len(living)
    return me.num_fds(), threading.active_count(), zombies
