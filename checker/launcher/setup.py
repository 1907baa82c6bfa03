"""Make every environment that a command needs and that is not whole, side by side."""

import contextlib
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from checker.errors import CourseError
from checker.launcher.build import Build
from checker.launcher.environment import ROOT, Environment
from checker.launcher.lock import hold_lock
from checker.launcher.progress import Progress

NEED_GIT = ("start", "test", "verify")
SPARE_MEGABYTES = 100
POLL_SECONDS = 0.1
LONGEST_ANSWER = 10  # seconds; a uv that does not say its version by then does not work


def set_up(environments: list[Environment], command: str) -> None:
    """Make what is not ready. Of two set-ups at once the second waits, and finds the work done."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if command in NEED_GIT and not shutil.which("git"):
        next_step = "Install git (./course doctor says how), then run the same command again."
        raise CourseError("git is not on PATH", next_step)
    with hold_lock(ROOT / ".cache" / "setup.lock"):
        stale = [environment for environment in environments if not environment.is_ready()]
        if stale:
            check_space(stale)
            build_all(stale)


def check_space(environments: list[Environment]) -> None:
    """Refuse to begin what the disk cannot hold."""
    needed = sum(environment.megabytes for environment in environments) + SPARE_MEGABYTES
    free = shutil.disk_usage(ROOT).free >> 20
    if free < needed:
        raise CourseError(
            f"the disk is too full: {needed} MB are needed, {free} MB are free in {ROOT}",
            "Free some space, then run the same command again.",
        )


def build_all(environments: list[Environment]) -> None:
    """Build side by side; when one fails, or the user interrupts, end them all."""
    interpreter = find_interpreter()
    uv = find_uv(interpreter)
    progress = Progress(environments, "uv" if uv else "pip")
    builds: list[Build] = []
    try:
        builds += [Build(environment, interpreter, uv) for environment in environments]
        pending = builds
        while pending:
            time.sleep(POLL_SECONDS)
            pending = [build for build in pending if not build.advance()]
            progress.update([build.environment for build in pending])
    finally:
        progress.clear()
        for build in builds:
            build.stop()


def find_interpreter() -> Path:
    """Return the Python under this one, outside any environment that it was started from.

    Links are followed, so that an upgrade that points them at another Python is noticed.
    """
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def find_uv(interpreter: Path) -> list[str]:
    """Return a command that runs uv; empty when there is none, or none that works."""
    program = shutil.which("uv")
    commands = [[program]] if program else []
    for command in [*commands, [str(interpreter), "-P", "-m", "uv"]]:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            asked = subprocess.run(
                [*command, "--version"], capture_output=True, check=False, timeout=LONGEST_ANSWER
            )
            if asked.returncode == 0:
                return command
    return []
