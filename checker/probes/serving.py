"""Serve the learner's app for the learner: their files, their `.env`, until Ctrl-C."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from checker.errors import CourseError, ExitCode
from checker.interrupts import sigterm_as_interrupt
from checker.paths import CoursePaths
from checker.probes.environment import RequirementsError, choose_environment


def serve_until_stopped(backend: Path, port: int, paths: CoursePaths, console: Console) -> int:
    """Run uvicorn with reload in the learner's folder; return its exit code.

    Raises:
        CourseError: the port is taken, or the packages cannot be installed.
    """
    refuse_taken_port(port)
    try:
        environment = choose_environment(backend / "requirements.txt", paths)
    except RequirementsError as error:
        raise CourseError(
            f"the packages in backend/requirements.txt cannot be installed: {error}",
            error.next_step,
        ) from error
    console.print(f"Your app: http://localhost:{port}  (try /health and /docs; Ctrl-C ends it)")
    command = [f"{environment.python}", "-m", "uvicorn", "app.main:app"]
    server = subprocess.Popen([*command, "--port", f"{port}", "--reload"], cwd=backend)
    return wait_through_interrupts(server)


def wait_through_interrupts(server: "subprocess.Popen[bytes]") -> int:
    """Wait for the server, and see to it that it ends when this process is asked to end."""
    try:
        with sigterm_as_interrupt():
            code = server.wait()
    except KeyboardInterrupt:
        stop(server)
        return ExitCode.PASSED
    return ExitCode.PASSED if code in {0, -signal.SIGINT, 130} else ExitCode.FAILED


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Give the server five seconds to end, then end it."""
    if sys.platform != "win32":  # there Ctrl-C has reached it, and to terminate is to kill
        server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def refuse_taken_port(port: int) -> None:
    """Raise when something listens already."""
    try:
        with socket.socket() as probe:
            if sys.platform != "win32":  # there it would let two servers share the port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError as error:
        raise CourseError(
            f"port {port} is taken: another program listens there",
            f"End that program, or choose another port: ./course run --port {port + 1}",
        ) from error
