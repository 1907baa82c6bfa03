"""Run a deploy script as its author would, and see what it says."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.errors import ProbeError
from checker.probes.app import AppLimits, make_app_env
from checker.probes.fresh import FreshApp

LIMITS = AppLimits(processes=64, program=180.0)
LONGEST_AGAIN = 45.0  # seconds, for a script that has had to be ended before
PYTHON, SHELL = "deploy.py", "deploy.sh"
WIDTH = 300  # characters: what writes in columns, such as rich, must not break lines of a log
FOR_BASH = re.compile(r"#!.*\bbash\b(.*)")


@dataclass(frozen=True)
class Deployment:
    """A run of a deploy script that has ended.

    Attributes:
        code: Its exit code, None when it had to be ended.
        output: What it wrote, both streams together.
        ended_because: Why it had to be ended, as the second half of a sentence.
        seconds: How long it took.
    """

    code: int | None
    output: str
    ended_because: str
    seconds: float

    @property
    def ending(self) -> str:
        """How it ended, as the second half of a sentence."""
        if self.code is None or self.ended_because:
            return f"it was ended because {self.ended_because or 'it took too long'}"
        return f"it ended with exit code {self.code}"

    @property
    def excerpt(self) -> str:
        """The last lines."""
        return "\n".join(line[:WIDTH] for line in self.output.splitlines()[-14:])


class ScriptProgram(FreshApp):
    """A deploy script that runs."""

    def __init__(self, command: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        super().__init__(process, LIMITS)


def find_script(app: Path) -> str:
    """Return the name of the app's deploy script, an empty text when there is none."""
    return next((name for name in (SHELL, PYTHON) if (app / name).is_file()), "")


def make_command(app: Path, python: Path, arguments: Sequence[str]) -> list[str]:
    """Return the command that runs the app's deploy script.

    Raises:
        ProbeError: it is for a shell, and this system has none.
    """
    if find_script(app) == PYTHON:
        return [f"{python}", PYTHON, *arguments]
    if sys.platform == "win32":
        raise ProbeError("a shell script cannot be run here", "Run the check on Linux or macOS.")
    return [*choose_shell(app / SHELL), SHELL, *arguments]


def choose_shell(script: Path) -> list[str]:
    """Return the shell that a script's first line asks for, with its options: bash, or else sh.

    Raises:
        ProbeError: it asks for bash, which is not here.
    """
    found = FOR_BASH.match(script.read_text(encoding="utf-8", errors="replace"))
    if not found:
        return ["sh"]
    if shutil.which("bash") is None:
        raise ProbeError(
            f"{SHELL} asks for bash, which is not on this machine",
            "Install bash, or write the script for sh.",
        )
    return ["bash", *found[1].split()]


def make_env(python: Path, scratch: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return all that the script is told: its environment comes first on the path."""
    env = make_app_env(scratch, variables)
    programs = os.pathsep.join([f"{python.parent}", os.environ.get("PATH", os.defpath)])
    # Without a cache of its own the client would look for a token in the user's home.
    client = {"HF_HOME": env["HOME"], "HF_HUB_DISABLE_TELEMETRY": "1"}
    return env | client | {"PATH": programs, "COLUMNS": f"{WIDTH}"}


def run_to_end(program: ScriptProgram, longest: float) -> Deployment:
    """Wait for the end of a script, or end it after so many seconds."""
    started = time.monotonic()
    code = program.wait(longest)
    program.kill()
    program.wait(5)
    program.output.join(2)
    seconds = time.monotonic() - started
    return Deployment(code, program.output.read_since(), program.ended_because, seconds)
