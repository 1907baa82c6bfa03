"""Wait beside the judge, and remove a run's containers however the judge ends.

Started as `python -m checker.probes.containers.guard ENGINE RUN`. When its standard input closes,
everything with the run's label is removed: containers, networks, volumes. Images stay, as a cache.
"""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path

from checker.containers.engine import Engine
from checker.errors import CourseError

ROOT = Path(__file__).parents[3]
LABEL = "course.run"
IMAGE = "course-check"
LONGEST_REMOVAL = 120.0  # seconds
KINDS = (
    (("ps", "--all", "--quiet"), ("rm", "--force", "--volumes")),
    (("network", "ls", "--quiet"), ("network", "rm")),
    (("volume", "ls", "--quiet"), ("volume", "rm", "--force")),
)


def start_guard(engine: Engine, run: str) -> "subprocess.Popen[bytes]":
    """Start the guard of a run, out of the reach of the terminal's Ctrl-C."""
    return subprocess.Popen(
        [sys.executable, "-m", "checker.probes.containers.guard", engine.program, run],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def remove_run(engine: Engine, run: str) -> None:
    """Remove all that a run has made, and the names of its images, which stay under others."""
    for listing, removal in KINDS:
        with contextlib.suppress(CourseError):
            found = engine.ask(*listing, "--filter", f"label={LABEL}={run}").split()
            if found:
                engine.run(*removal, *found, longest=LONGEST_REMOVAL)
    with contextlib.suppress(CourseError):
        named = f"reference={IMAGE}:{run}-*"
        tags = engine.ask("images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", named)
        if tags:
            engine.run("rmi", "--no-prune", *tags.split())


def main() -> None:
    """Wait for the end of the judge."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine, run = Engine(sys.argv[1]), sys.argv[2]
    with contextlib.suppress(OSError):
        sys.stdin.buffer.read()
    for _ in range(2):  # what a program of ours was making when it was ended is there by now
        remove_run(engine, run)


if __name__ == "__main__":
    main()
