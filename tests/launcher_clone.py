"""A clone of the course for tests of the launcher: stub locks, a stub uv, and a stub checker."""

import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
LOCKS = (
    *("requirements.lock", "locks/app.lock"),
    *("locks/authors.lock", "locks/notebooks.lock"),
)
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
        fill = {"python": shlex.quote(str(BASE_PYTHON)), "log": shlex.quote(str(self.log))}
        self.write_program("uv", STUB_UV.format(**fill, act=act))

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
    for name in (
        "course",
        *(f"checker/{part}.py" for part in ("__init__", "errors", "interrupts", "shell")),
    ):
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


def wait_until(is_so):
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("waited for 30 s in vain")


def split_error(done):
    assert done.returncode == 2, done
    match = re.search(r"^error: (.+)\nnext:  (.+)\n\Z", done.stderr, re.MULTILINE | re.DOTALL)
    assert match, done.stderr
    return match[1], match[2]
