"""Start the learner's app as a learner would, watch it, and end it with all that it started."""

import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from checker.probes.output import OutputReader

MEND_PYTHON = (
    "Run the check again. If that does not help, delete the folder .venv-app: it is made anew."
)
PATIENCE = 0.05  # seconds between two looks at whether the app still runs


@dataclass(frozen=True)
class AppLimits:
    """What one app with everything it starts may use, and how long it may take.

    Attributes:
        memory: Resident bytes of the whole process tree.
        processes: Processes in the tree.
        output: Bytes written to both standard streams.
        cpu: Seconds of processor time of one process.
        file: Bytes of one file.
        start: Seconds until the first answer.
        program: Seconds until a program, such as a migration, has ended.
        silence: Seconds without a byte while an answer is waited for.
        answer: Seconds until an answer is complete.
    """

    memory: int = 1 << 30
    processes: int = 64
    output: int = 10 << 20
    cpu: int = 120
    file: int = 256 << 20
    start: float = 30.0  # some libraries take seconds to import, and many more on a busy machine
    program: float = 20.0
    silence: float = 10.0  # twice what the contract gives an answer: that time is measured apart
    answer: float = 20.0

    def as_rlimits(self) -> dict[str, int]:
        """Return what the kernel can enforce by itself; the watchdog does the rest."""
        return {
            "RLIMIT_DATA": 2 * self.memory,
            "RLIMIT_CPU": self.cpu,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 1024,
            "RLIMIT_FSIZE": self.file,
        }


@dataclass(frozen=True)
class AppEnvironment:
    """The Python that runs the app.

    Attributes:
        python: The interpreter of the virtual environment.
        hidden: Top-level modules that are installed there and that the app's requirements.txt does
            not ask for.
        preload: Modules worth importing before the app is forked.
    """

    python: Path
    hidden: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()


class AppProcess(Protocol):
    """One running app."""

    port: int
    output: OutputReader
    pid: int
    limits: AppLimits
    ended_because: str
    """Why the watchdog ended it, as the second half of a sentence; empty if it did not."""

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""

    def wait(self, timeout: float) -> int | None:
        """Return the exit code as soon as there is one, None after `timeout` seconds."""

    def terminate(self) -> None:
        """Ask it to end: SIGTERM, as a container engine does."""

    def kill(self) -> None:
        """End it and everything it started."""


@dataclass(frozen=True)
class StartOrder:
    """What to start.

    Attributes:
        folder: The copy of `backend/`, where it runs.
        env: Exactly its environment variables.
        program: The name of a module and its arguments, as after `python -m`; empty for the app,
            `app.main:app`.
    """

    folder: Path
    env: Mapping[str, str]
    limits: AppLimits
    program: tuple[str, ...] = ()


class Launcher(Protocol):
    """Starts apps of one environment."""

    def start(self, order: StartOrder) -> AppProcess:
        """Start a process, and return at once."""

    def close(self) -> None:
        """End everything that was started; a second time it does nothing."""


def describe_swarm(most: int) -> str:
    """Say why an app with too many processes was ended."""
    return f"it started more than {most} processes"


def wait_until_ready(app: AppProcess) -> bool:
    """Wait for the first HTTP answer, whatever its status; False when the app ended or is mute."""
    deadline = time.monotonic() + app.limits.start
    while app.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", app.port), timeout=PATIENCE) as connection:
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                if wait_for_answer(connection, app, deadline):
                    return True
        except OSError:
            pass  # nothing listens yet: a fresh interpreter is still importing
        time.sleep(0.02)
    return False


def wait_for_answer(connection: socket.socket, app: AppProcess, deadline: float) -> bool:
    """Wait until a byte comes back, the app ends or time is up."""
    connection.settimeout(PATIENCE)
    while app.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(TimeoutError):
            return bool(connection.recv(1))
    return False


def make_app_env(scratch: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Build the app's whole environment: nothing of the judge's own gets through.

    Args:
        scratch: The run's folder; the app gets a home of its own in it.
        variables: The contract's variables for this start.
    """
    scratch.mkdir(exist_ok=True)  # an app that ran before may have deleted it
    home = tempfile.mkdtemp(prefix="home-", dir=scratch)
    env = {
        "HOME": home,
        "USERPROFILE": home,
        "TMPDIR": home,
        "TEMP": home,
        "TMP": home,
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
    }
    for name in ("SYSTEMROOT", "PATHEXT", "COMSPEC"):  # Windows does not start a process without
        with contextlib.suppress(KeyError):
            env[name] = os.environ[name]
    return env | dict(variables)
