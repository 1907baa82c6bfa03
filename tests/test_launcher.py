"""The launcher, run as a user runs it: what it starts, and when it makes environments."""

import json
import os
import shlex
import signal
import subprocess
import sys

import psutil
import pytest
from launcher_clone import REPOSITORY, Clone, finish, start, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stub installers are scripts")


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


# What it starts


def test_launcher_from_another_folder(clone, tmp_path):
    done = clone.run("status", "--plain", "two words", cwd=tmp_path)
    given = json.loads(done.stdout)
    assert given["argv"] == ["status", "--plain", "two words"]
    assert given["cwd"] == str(tmp_path)
    assert given["python"] == str(clone.root / ".venv/bin/python")


def test_launcher_passes_the_exit_code_on(clone):
    assert clone.run("status", env={"ECHO_EXIT": "7"}).returncode == 7


def test_launcher_through_a_link(clone, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(clone.root / "course")
    done = finish(start([str(link), "status"], clone.environ))
    assert json.loads(done.stdout)["argv"] == ["status"]


def test_launcher_ignores_modules_of_the_callers_folder(clone, tmp_path):
    for name in ("json.py", "pathlib.py", "checker.py"):
        (tmp_path / name).write_text("raise SystemExit('the wrong module')")
    done = clone.run("status", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    given = json.loads(done.stdout)
    assert given["pythonpath"] is None
    assert str(tmp_path) not in given["path"]


@pytest.mark.parametrize(
    ("command", "folders"),
    [
        ("start", {".venv", ".venv-app"}),
        ("doctor", {".venv"}),
        ("--help", {".venv"}),
        ("start --help", {".venv"}),
        ("lock", {".venv-authors"}),
        ("notebook 2", {".venv", ".venv-notebooks"}),
        ("test", {".venv", ".venv-app", ".venv-authors", ".venv-notebooks"}),
    ],
)
def test_launcher_makes_what_the_command_needs(clone, command, folders):
    done = clone.run(*command.split())
    assert {path.name for path in clone.root.glob(".venv*")} == folders
    assert json.loads(done.stdout)["python"].split("/")[-3] in folders


def test_launcher_runs_authors_commands_among_the_authors_tools(clone):
    assert ".venv-authors" in json.loads(clone.run("test").stdout)["python"]


def test_launcher_hides_the_checker_from_the_app(clone):
    clone.run("start")
    python = clone.root / ".venv-app/bin/python"
    code = "import importlib.util as u; print(u.find_spec('checker'))"
    found = subprocess.check_output([python, "-P", "-c", code], cwd=clone.root, text=True)
    assert found.strip() == "None"


# When it makes environments


def test_launcher_makes_an_environment_once(clone):
    first, second = clone.run("doctor"), clone.run("doctor")
    assert "Setting up" in first.stderr
    assert (second.stderr, len(clone.installs)) == ("", 1)


def test_launcher_leaves_stdout_to_the_command(clone):
    assert len(clone.run("start").stdout.splitlines()) == 1


def change_lock(clone):
    (clone.root / "requirements.lock").write_text("# another\n")


def lose_stamp(clone):
    (clone.root / ".venv/.course-stamp").unlink()


def lose_interpreter(clone):
    (clone.root / ".venv/bin/python").unlink()


def move_clone(clone):
    clone.root = clone.root.rename(clone.root.with_name("moved clöne"))


def forget_base_python(clone):
    stamp = clone.root / ".venv/.course-stamp"
    stamp.write_bytes(b"/nowhere/python" + stamp.read_bytes()[stamp.read_bytes().index(b"\n") :])


@pytest.mark.parametrize(
    "change", [change_lock, lose_stamp, lose_interpreter, move_clone, forget_base_python]
)
def test_launcher_makes_an_environment_again_after(clone, change):
    clone.run("doctor")
    (clone.root / ".venv/left over").touch()
    change(clone)
    done = clone.run("doctor")
    given = json.loads(done.stdout)
    assert len(clone.installs) == 2
    assert not (clone.root / ".venv/left over").exists()
    assert str(clone.root) in given["path"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_launcher_interrupted_mends_at_the_next_start(clone, sent):
    clone.set_installer("exec sleep 60")
    process = clone.start("start")
    wait_until(lambda: len(clone.installs) == 2)
    process.send_signal(sent)
    interrupted = finish(process)
    alive = [pid for pid in clone.installs if psutil.pid_exists(pid)]
    clone.set_installer("exit 0")
    assert (interrupted.returncode, alive) == (130, [])
    assert "interrupted" in interrupted.stderr
    assert clone.run("start").returncode == 0


def test_launcher_started_twice_at_once_makes_it_once(clone, tmp_path):
    gate = tmp_path / "gate"
    clone.set_installer(f"while [ ! -e {shlex.quote(str(gate))} ]; do sleep 0.05; done")
    first = clone.start("doctor")
    wait_until(lambda: clone.installs)
    second = clone.start("doctor")
    assert second.stderr
    said = second.stderr.readline()
    gate.touch()
    assert (finish(first).returncode, finish(second).returncode) == (0, 0)
    assert "waiting" in said
    assert len(clone.installs) == 1


def test_launcher_ends_the_other_installation_when_one_fails(clone):
    clone.set_installer('case "$*" in *app.lock*) exit 1 ;; *) exec sleep 60 ;; esac')
    done = clone.run("start")
    assert done.returncode == 2
    assert not any(psutil.pid_exists(pid) for pid in clone.installs)


# Windows: no exec, so the launcher stays and waits


def start_run_command(command):
    code = f"import sys; from checker.launcher.main import run_command as r; sys.exit(r({command}))"
    environ = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    return start([sys.executable, "-c", code], environ, start_new_session=True)


def test_run_command_returns_the_exit_code():
    process = start_run_command([sys.executable, "-c", "raise SystemExit(7)"])
    assert finish(process).returncode == 7


ANSWER_INTERRUPT = """\
import sys, time
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_run_command_leaves_ctrl_c_to_the_command():
    process = start_run_command([sys.executable, "-c", ANSWER_INTERRUPT])
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    assert finish(process).returncode == 130
