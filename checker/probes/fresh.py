"""Start each app in a fresh interpreter: the way for systems that cannot fork."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from checker.probes.app import AppEnvironment, AppLimits, AppProcess, StartOrder
from checker.probes.output import OutputReader

SERVE = Path(__file__).parent / "guest" / "serve.py"


class FreshApp(AppProcess):
    """An app in an interpreter of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, limits: AppLimits) -> None:
        assert process.stdout is not None  # noqa: S101 - started with a pipe
        self.process = process
        self.port = port
        self.limits = limits
        self.pid = process.pid
        self.ended_because = ""
        self.output = OutputReader(os.dup(process.stdout.fileno()), limits.output)
        process.stdout.close()

    def poll(self) -> int | None:
        return self.process.poll()

    def wait(self, timeout: float) -> int | None:
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        for process in list_tree(self.pid):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait()


class FreshLauncher:
    """Starts interpreters and remembers them.

    Args:
        environment: The Python of the apps.
    """

    def __init__(self, environment: AppEnvironment) -> None:
        self._environment = environment
        self._apps: list[FreshApp] = []

    def start(self, order: StartOrder) -> FreshApp:
        """See `Launcher.start`. The port was free a moment ago: nothing better exists here."""
        port = find_free_port()
        options = {
            "folder": str(order.folder),
            "hidden": self._environment.hidden,
            "port": port,
            "program": order.program,
        }
        process = subprocess.Popen(
            [self._environment.python, "-P", SERVE, json.dumps(options)],
            cwd=order.folder,
            env=dict(order.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        app = FreshApp(process, port, order.limits)
        self._apps.append(app)
        return app

    def close(self) -> None:
        """End every app."""
        for app in self._apps:
            app.kill()
            app.output.join(2)


def find_free_port() -> int:
    """Return a port of the loopback address that nothing uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def list_tree(pid: int) -> list[psutil.Process]:
    """Return the process and its descendants; empty when it is gone."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
