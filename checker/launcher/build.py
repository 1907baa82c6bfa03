"""Make one virtual environment from its lock, in steps that are watched from outside."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from checker.errors import CourseError
from checker.interrupts import deferred_interrupts
from checker.launcher.environment import ROOT, Environment
from checker.launcher.trouble import explain_failure

IS_WINDOWS = os.name == "nt"  # which deletes no program that runs


class Build:
    """An environment in the making.

    Args:
        environment: What to make; whatever stands in its place is deleted.
        interpreter: The Python to make it with.
        uv: The command that runs uv; empty to use venv and pip.
    """

    def __init__(self, environment: Environment, interpreter: Path, uv: list[str]) -> None:
        remove(environment)
        self.environment = environment
        self.interpreter = interpreter
        self.steps = list_steps(environment, str(interpreter), uv)
        self.process: subprocess.Popen[bytes] | None = None
        self.output = tempfile.TemporaryFile()  # noqa: SIM115 - stop() closes it

    def advance(self) -> bool:
        """Start the next step if the last one has ended; tell whether the environment is whole."""
        if self.process is not None:
            if self.process.poll() is None:
                return False
            if self.process.returncode != 0:
                raise self.explain()
        if self.steps:
            with deferred_interrupts():  # between its start and its name nobody could end it
                self.process = start_step(self.steps.pop(0), self.output)
            return False
        if self.environment.sees_checker:
            add_root_to_path(self.environment.folder)
        self.environment.write_stamp(self.interpreter)
        return True

    def explain(self) -> CourseError:
        """Return the error that the failed step stands for."""
        self.output.seek(0)
        text = self.output.read().decode(errors="replace")
        return explain_failure(self.environment.folder, text)

    def stop(self) -> None:
        """End the running step, if there is one."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()


def remove(environment: Environment) -> None:
    """Delete the folder, its stamp first, so that remains never look whole.

    Raises:
        CourseError: Something uses it. On Windows that can be the Python that runs this.
    """
    if IS_WINDOWS and Path(sys.prefix) == environment.folder:
        raise CourseError(
            f"{environment.folder} has to be made anew, which the Python in it cannot do.",
            "Leave the environment with the command deactivate, and run the command again.",
        )
    try:
        environment.stamp.unlink(missing_ok=True)
        if environment.folder.exists():
            shutil.rmtree(environment.folder)
    except OSError as error:
        raise CourseError(
            f"{environment.folder} cannot be replaced ({error.strerror or error})",
            "Close what still uses it, or delete the folder by hand, and run the command again.",
        ) from error


def list_steps(environment: Environment, interpreter: str, uv: list[str]) -> list[list[str]]:
    """Return the commands that make it; wheels only, so that no package's own code runs."""
    folder, python = str(environment.folder), str(environment.python)
    install = ["install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    install += ["--requirement", str(environment.lock)]
    if not uv:
        # -P: a venv.py in the folder that the command is given in is not the one that is meant.
        pip = [python, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input"]
        return [[interpreter, "-P", "-m", "venv", folder], pip + install]
    # By default uv links to its cache, which environments share: the learner's code could then
    # change the judge's files by writing to its own.
    install += ["--link-mode", "copy", "--compile-bytecode", "--python", python]
    venv = ["venv", "--quiet", "--no-project", "--python", interpreter, folder]
    return [uv + venv, [*uv, "pip", *install]]


def start_step(command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start one step, with a user's setting that would install elsewhere switched off."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PIP_USER": "0"},
    )


def add_root_to_path(folder: Path) -> None:
    """Make the checker importable: by code, in ASCII, since a .pth file has no fixed encoding."""
    library = "Lib" if os.name == "nt" else "lib/python*"
    for packages in folder.glob(f"{library}/site-packages"):
        line = f"import sys; root = {str(ROOT)!a}; root in sys.path or sys.path.append(root)\n"
        (packages / "course.pth").write_text(line, encoding="ascii")
