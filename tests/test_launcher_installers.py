"""The launcher with the real uv and the real pip, on packages made here."""

import shlex
import subprocess
import sys

import pytest
from launcher_clone import BASE_PYTHON, Clone, split_error
from tiny_packages import make_wheel, pin

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the clone's programs are scripts")


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


@pytest.fixture
def wheels(clone, tmp_path):
    """Let the clone use the real uv, on a folder of wheels and without a network."""
    clone.write_program("uv", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m uv "$@"\n')
    return tmp_path / "wheels"


def lock_to(clone, line):
    (clone.root / "requirements.lock").write_text(line)


def run_offline(clone, wheels, **env):
    offline = {"UV_FIND_LINKS": str(wheels), "UV_OFFLINE": "1", "UV_CACHE_DIR": f"{wheels}/cache"}
    return clone.run("doctor", env=offline | env)


def import_tiny_thing(clone):
    command = [clone.root / ".venv/bin/python", "-P", "-c", "import tiny_thing, checker"]
    return subprocess.run(command, check=False).returncode == 0


def test_launcher_with_real_uv(clone, wheels):
    lock_to(clone, pin(make_wheel(wheels, "tiny-thing")))
    done = run_offline(clone, wheels)
    assert done.returncode == 0, done.stderr
    assert "with uv" in done.stderr
    assert import_tiny_thing(clone)


def test_launcher_with_real_uv_and_another_file_than_locked(clone, wheels):
    lock_to(clone, pin(make_wheel(wheels, "tiny-thing"))[:-9] + "0" * 8 + "\n")
    assert "not the one that the course expects" in split_error(run_offline(clone, wheels))[0]


def test_launcher_with_real_uv_and_a_lock_for_another_platform(clone, wheels):
    lock_to(clone, pin(make_wheel(wheels, "tiny-thing", tag="py3-none-win_amd64")))
    assert "do not fit this system" in split_error(run_offline(clone, wheels))[0]


def test_launcher_with_real_uv_and_no_network(clone, wheels):
    wheels.mkdir()
    lock_to(clone, f"tiny-thing==1.0 --hash=sha256:{'0' * 64}\n")
    index = {"UV_DEFAULT_INDEX": "http://127.0.0.1:1/simple", "UV_HTTP_RETRIES": "0"}
    done = run_offline(clone, wheels, UV_OFFLINE="0", **index)
    assert "cannot be reached" in split_error(done)[0]


def base_python_has_uv() -> bool:
    command = [BASE_PYTHON, "-m", "uv", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(base_python_has_uv(), reason="uv would be used instead of pip")
def test_launcher_with_real_pip(clone, tmp_path):
    clone.write_program("uv", "#!/bin/sh\nexit 127\n")  # a version manager's empty shim
    lock_to(clone, pin(make_wheel(tmp_path / "wheels", "tiny-thing")))
    offline = {"PIP_FIND_LINKS": str(tmp_path / "wheels"), "PIP_NO_INDEX": "1", "PIP_USER": "1"}
    done = clone.run("doctor", env=offline)
    assert done.returncode == 0, done.stderr
    assert "with pip" in done.stderr
    assert import_tiny_thing(clone)
