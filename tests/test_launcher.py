"""The launcher, run as a user runs it, in a clone with a checker that only tells what it was given."""

import ast
import base64
import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest

from checker.launcher.main import run_command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stub installers are scripts")

REPOSITORY = Path(__file__).resolve().parent.parent
BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
LOCKS = ("requirements.lock", "locks/app.lock", "locks/authors.lock")
ECHO = """\
import json, os, sys

given = {"argv": sys.argv[1:], "cwd": os.getcwd(), "python": sys.executable, "path": sys.path}
print(json.dumps({**given, "pythonpath": os.environ.get("PYTHONPATH")}))
sys.exit(int(os.environ.get("ECHO_EXIT", "0")))
"""
# Makes bare environments, and for `pip install` notes its process and does as the test says.
STUB_UV = """\
#!/bin/sh
for last; do :; done
case "$1" in
    venv) exec {python} -m venv --without-pip "$last" ;;
    pip)
        echo $$ >> {log}
        {act}
        ;;
esac
"""


class Clone:
    """A clone of the course with stub locks, a stub checker and a stub uv."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a clone"
        self.programs = folder / "programs"
        self.log = folder / "installs"
        self.log.touch()
        self.programs.mkdir(parents=True)
        (self.programs / "python3").symlink_to(BASE_PYTHON)
        copy_launcher(self.root)
        self.set_installer("exit 0")

    @property
    def installs(self) -> list[int]:
        """The process of every installation that was begun."""
        return [int(line) for line in self.log.read_text().split()]

    def set_installer(self, act: str) -> None:
        """Let the stub uv do this when it is to install."""
        fill = {"python": BASE_PYTHON, "log": shlex.quote(str(self.log)), "act": act}
        self.write_program("uv", STUB_UV.format(**fill))

    def write_program(self, name: str, text: str) -> None:
        """Put a program on the PATH of the launcher."""
        program = self.programs / name
        program.write_text(text)
        program.chmod(0o755)

    def fail_installing(self, output: str, exit_code: int = 1) -> None:
        """Let the stub uv fail with these words."""
        self.set_installer(f"echo {shlex.quote(output)} >&2; exit {exit_code}")

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start ./course."""
        return start([str(self.root / "course"), *arguments], self.environ, **options)

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run ./course to its end."""
        return finish(self.start(*arguments, **options))

    def run_patched(self, patch: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the launcher in a Python where something has been made to look otherwise."""
        course = str(self.root / "course")
        program = (
            f"import runpy, sys\nsys.argv = {['course', *arguments]}\n{patch}\n"
            f"runpy.run_path({course!r}, run_name='__main__')\n"
        )
        return finish(start([str(BASE_PYTHON), "-I", "-c", program], self.environ))

    @property
    def environ(self) -> dict[str, str]:
        """What the launcher finds in its environment."""
        home = str(self.programs)
        return {"PATH": f"{self.programs}:/usr/bin:/bin", "HOME": home, "PYTHONPATH": home}


def copy_launcher(root: Path) -> None:
    for name in ("course", "checker/__init__.py", "checker/errors.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, root / name)
    shutil.copytree(REPOSITORY / "checker/launcher", root / "checker/launcher")
    (root / "checker/__main__.py").write_text(ECHO)
    (root / "locks").mkdir()
    for lock in LOCKS:
        (root / lock).write_text("# nothing to install\n")


def start(command: list[str], environ: dict[str, str], **options: Any) -> subprocess.Popen[str]:
    environ = environ | options.pop("env", {})
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environ, **pipes, **options)


def finish(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def wait_until(is_so):
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("waited for 30 s in vain")


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
        ("test", {".venv", ".venv-app", ".venv-authors"}),
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


# What it says when it cannot


def split_error(done):
    assert done.returncode == 2, done
    match = re.search(r"^error: (.+)\nnext:  (.+)\n\Z", done.stderr, re.MULTILINE | re.DOTALL)
    assert match, done.stderr
    return match[1], match[2]


def test_course_parses_on_an_old_python():
    ast.parse((REPOSITORY / "course").read_text(), feature_version=(3, 7))


def test_launcher_with_an_old_python(clone):
    patch = "sys.version_info = (3, 8, 1); sys.version = '3.8.1 (default)'"
    problem, next_step = split_error(clone.run_patched(patch, "start"))
    assert problem == "Python 3.11 or newer is needed, this is 3.8.1."
    assert next_step.startswith("Install Python 3.11 or newer")


def test_launcher_without_any_python(clone):
    (clone.programs / "python3").unlink()
    done = clone.run("start", env={"PATH": str(clone.programs)})
    assert "no python3 was found" in split_error(done)[0]


def test_launcher_passes_over_an_old_python3(clone):
    (clone.programs / "python3").unlink()
    clone.write_program("python3", "#!/bin/sh\nexit 1\n")
    (clone.programs / "python3.11").symlink_to(BASE_PYTHON)
    assert clone.run("doctor", env={"PATH": str(clone.programs)}).returncode == 0


def test_launcher_without_git(clone):
    problem, next_step = split_error(clone.run("start", env={"PATH": str(clone.programs)}))
    assert problem == "git is not on PATH"
    assert "doctor" in next_step


def test_launcher_without_git_still_runs_doctor(clone):
    assert clone.run("doctor", env={"PATH": str(clone.programs)}).returncode == 0


def test_launcher_without_a_lock(clone):
    (clone.root / "locks/app.lock").unlink()
    problem, next_step = split_error(clone.run("start"))
    assert problem.endswith("locks/app.lock")
    assert "checkout" in next_step


def test_launcher_on_a_disk_with_too_little_space(clone):
    patch = (
        "import shutil, types; shutil.disk_usage = lambda _: types.SimpleNamespace(free=50 << 20)"
    )
    problem, next_step = split_error(clone.run_patched(patch, "start"))
    assert "50 MB are free" in problem
    assert next_step.startswith("Free some space")
    assert clone.installs == []


REFUSE_FOLDERS = """\
import pathlib
def refuse(path, *given, **named):
    raise OSError({number}, "said no", str(path))
pathlib.Path.mkdir = refuse
"""


@pytest.mark.parametrize(
    ("number", "said", "advice"),
    [
        (13, "cannot be written", "a folder of your own"),
        (30, "cannot be written", "a folder of your own"),
        (28, "the disk is full", "Free some space"),
        (5, "could not be started", "run the same command again"),
    ],
)
def test_launcher_refused_by_the_file_system(clone, number, said, advice):
    patch = REFUSE_FOLDERS.format(number=number)
    problem, next_step = split_error(clone.run_patched(patch, "doctor"))
    assert said in problem
    assert advice in next_step


def test_launcher_with_an_environment_that_cannot_be_replaced(clone):
    (clone.root / ".venv").write_text("a file, where a folder should be")
    problem, next_step = split_error(clone.run("doctor"))
    assert ".venv cannot be replaced" in problem
    assert "delete the folder by hand" in next_step


def test_launcher_without_the_venv_module(clone):
    said = "The virtual environment was not created because ensurepip is not available."
    clone.write_program("bare", f"#!/bin/sh\n[ $2 = venv ] && echo '{said}'\nexit 1\n")
    (clone.programs / "uv").unlink()
    patch = f"sys._base_executable = {str(clone.programs / 'bare')!r}"
    problem, next_step = split_error(clone.run_patched(patch, "doctor"))
    assert "venv module is missing" in problem
    assert "python3-venv" in next_step


# The installers' own words, as uv 0.13 and pip 23 to 26 print them.
@pytest.mark.parametrize(
    ("output", "problem", "advice"),
    [
        (
            "  cause: failed to copy file: No space left on device (os error 28)",
            "the disk is full",
            "Free some space",
        ),
        (
            "error: Failed to fetch: the index\n  cause: dns error\n  cause: Name or service not known",
            "the package index cannot be reached",
            "Check the network",
        ),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: No matching distribution found for iniconfig==2.3.1",
            "the package index cannot be reached",
            "Check the network",
        ),
        (
            "error: Failed to fetch: the index\n  cause: invalid peer certificate: UnknownIssuer",
            "not trusted",
            "SSL_CERT_FILE",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "not the file that the lock names",
            "git pull",
        ),
        (
            "ERROR: Could not find a version that satisfies bcrypt==5.0.0 (from versions: none)\n"
            "ERROR: No matching distribution found for bcrypt==5.0.0",
            "the lock does not match this platform",
            "dev container",
        ),
        ("first\nsecond\nsomething new went wrong", "something new went wrong", "report"),
    ],
)
def test_launcher_explains_an_installers_failure(clone, output, problem, advice):
    clone.fail_installing(output)
    told, next_step = split_error(clone.run("doctor"))
    assert problem in told
    assert advice in next_step
    assert clone.run("doctor").returncode == 2, "what failed must not count as made"


# Real installers, real packages


def make_wheel(folder: Path, tag: str) -> str:
    """Write a wheel of one module and return the line of a lock that names it."""
    info = "tiny_thing-1.0.dist-info"
    members = {
        "tiny_thing.py": "ANSWER = 42\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = [f"{name},{digest(text)},{len(text)}\n" for name, text in members.items()]
    members[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"])
    folder.mkdir(exist_ok=True)
    path = folder / f"tiny_thing-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return f"tiny-thing==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def digest(text: str) -> str:
    raw = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={raw.rstrip(b'=').decode()}"


@pytest.fixture
def wheels(clone, tmp_path):
    """Let the clone use the real uv, on a folder of wheels and without a network."""
    clone.write_program("uv", f'#!/bin/sh\nexec {sys.executable} -m uv "$@"\n')
    return tmp_path / "wheels"


def run_offline(clone, wheels, **env):
    offline = {"UV_FIND_LINKS": str(wheels), "UV_OFFLINE": "1", "UV_CACHE_DIR": f"{wheels}/cache"}
    return clone.run("doctor", env=offline | env)


def import_tiny_thing(clone):
    command = [clone.root / ".venv/bin/python", "-P", "-c", "import tiny_thing, checker"]
    return subprocess.run(command, check=False).returncode == 0


def test_launcher_with_real_uv(clone, wheels):
    (clone.root / "requirements.lock").write_text(make_wheel(wheels, "py3-none-any"))
    done = run_offline(clone, wheels)
    assert done.returncode == 0, done.stderr
    assert "with uv" in done.stderr
    assert import_tiny_thing(clone)


def test_launcher_with_real_uv_and_another_file_than_locked(clone, wheels):
    line = make_wheel(wheels, "py3-none-any")
    (clone.root / "requirements.lock").write_text(line[:-9] + "0" * 8 + "\n")
    assert "not the file that the lock names" in split_error(run_offline(clone, wheels))[0]


def test_launcher_with_real_uv_and_a_lock_for_another_platform(clone, wheels):
    (clone.root / "requirements.lock").write_text(make_wheel(wheels, "py3-none-win_amd64"))
    assert "does not match this platform" in split_error(run_offline(clone, wheels))[0]


def test_launcher_with_real_uv_and_no_network(clone, wheels):
    wheels.mkdir()
    (clone.root / "requirements.lock").write_text(f"tiny-thing==1.0 --hash=sha256:{'0' * 64}\n")
    index = {"UV_DEFAULT_INDEX": "http://127.0.0.1:1/simple", "UV_HTTP_RETRIES": "0"}
    done = run_offline(clone, wheels, UV_OFFLINE="0", **index)
    assert "cannot be reached" in split_error(done)[0]


def base_python_has_uv() -> bool:
    command = [BASE_PYTHON, "-m", "uv", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(base_python_has_uv(), reason="uv would be used instead of pip")
def test_launcher_with_real_pip(clone, tmp_path):
    clone.write_program("uv", "#!/bin/sh\nexit 127\n")  # a version manager's empty shim
    (clone.root / "requirements.lock").write_text(make_wheel(tmp_path / "wheels", "py3-none-any"))
    offline = {"PIP_FIND_LINKS": str(tmp_path / "wheels"), "PIP_NO_INDEX": "1", "PIP_USER": "1"}
    done = clone.run("doctor", env=offline)
    assert done.returncode == 0, done.stderr
    assert "with pip" in done.stderr
    assert import_tiny_thing(clone)


# Windows: no exec, so the launcher stays and waits


def test_run_command_returns_the_exit_code():
    assert run_command([sys.executable, "-c", "raise SystemExit(7)"]) == 7


ANSWER_INTERRUPT = """\
import sys, time
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_run_command_leaves_ctrl_c_to_the_command():
    child = [sys.executable, "-c", ANSWER_INTERRUPT]
    code = f"import sys; from checker.launcher.main import run_command as r; sys.exit(r({child}))"
    environ = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    process = start([sys.executable, "-c", code], environ, start_new_session=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    assert finish(process).returncode == 130
