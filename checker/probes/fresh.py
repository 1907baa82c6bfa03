"""Start each app in a fresh interpreter: the way for systems that cannot fork safely."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from checker.errors import ProbeError
from checker.probes.app import MEND_PYTHON, AppEnvironment, AppLimits, AppProcess, StartOrder
from checker.probes.guard import start_guard
from checker.probes.output import OutputReader
from checker.probes.tree import kill_all, list_tree

SERVE = Path(__file__).parent / "guest" / "serve.py"
LONGEST_INTERPRETER = 20.0  # seconds until a new interpreter has said its port
LONGEST_END = 10.0  # seconds until everything is gone


class FreshApp(AppProcess):
    """An app in an interpreter of its own.

    Args:
        process: Started with a pipe for its output.
        limits: What it may use.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", limits: AppLimits) -> None:
        assert process.stdout is not None  # noqa: S101 - started with a pipe
        self.pid = process.pid
        self.port = 0
        self.limits = limits
        self.ended_because = ""
        self.output = OutputReader(os.dup(process.stdout.fileno()), limits.output)
        self._process = process
        process.stdout.close()

    def wait_for_port(self) -> None:
        """Wait until it listens, and take the line that says where out of its output.

        Raises:
            ProbeError: the interpreter does not work.
        """
        line, end, _ = self.output.wait_for("\n", timeout=LONGEST_INTERPRETER).partition("\n")
        if not end or not line.strip().isdigit():
            raise ProbeError(
                f"the app's Python does not start: {line or 'it says nothing'}",
                MEND_PYTHON,
            )
        self.port = int(line)
        self.output.skip(len(line.encode() + b"\n"))

    def poll(self) -> int | None:
        """See `AppProcess.poll`."""
        return self._process.poll()

    def wait(self, timeout: float) -> int | None:
        """See `AppProcess.wait`."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self) -> None:
        """See `AppProcess.terminate`."""
        if sys.platform == "win32":  # there SIGTERM kills; uvicorn takes Ctrl-Break as we mean it
            with contextlib.suppress(OSError):  # no console to send it through
                return self._process.send_signal(signal.CTRL_BREAK_EVENT)
        return self._process.terminate()

    def kill(self) -> None:
        """See `AppProcess.kill`."""
        if self._process.poll() is None:  # else its number may belong to somebody else by now
            kill_all(list_tree(self.pid))
            self.wait(LONGEST_END)


class FreshLauncher:
    """Starts interpreters and remembers them.

    Args:
        environment: The Python of the apps.
        scratch: The run's folder; a guard empties it of processes and removes it, also after a
            crash of ours.
    """

    def __init__(self, environment: AppEnvironment, scratch: Path) -> None:
        self._environment = environment
        self._apps: list[FreshApp] = []
        self._is_closed = False
        self._starting = threading.Lock()  # apps are started from several threads
        self._guard = start_guard(scratch)

    def start(self, order: StartOrder) -> FreshApp:
        """See `Launcher.start`."""
        with self._starting:
            if self._is_closed:
                raise ProbeError("the run has ended", "Run the check again.")
            app = FreshApp(self._open_process(order), order.limits)
            self._apps.append(app)
        app.wait_for_port()
        return app

    def _open_process(self, order: StartOrder) -> "subprocess.Popen[bytes]":
        folder = order.folder
        options = {
            "folder": str(folder),
            "program": order.program,
            "hidden": self._environment.hidden,
            "limits": order.limits.as_rlimits(),
        }
        return subprocess.Popen(
            [self._environment.python, "-P", SERVE, json.dumps(options)],
            cwd=folder if folder.is_dir() else folder.parent,
            env=dict(order.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def close(self) -> None:
        """End every app, and with the guard's help whatever they left behind."""
        with self._starting:
            if self._is_closed:
                return
            self._is_closed = True
        for app in self._apps:
            app.kill()
        assert self._guard.stdin is not None  # noqa: S101 - started with a pipe
        self._guard.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._guard.wait(LONGEST_END)
        for app in self._apps:
            app.output.join(2)
