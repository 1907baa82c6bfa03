"""Run things for the learner, in their own folder: the app, or a command such as alembic."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from checker.errors import CourseError, ExitCode, UsageError
from checker.interrupts import sigterm_as_interrupt
from checker.paths import CoursePaths
from checker.probes.app import AppEnvironment
from checker.probes.environment import RequirementsError, choose_environment

DATABASE_URL = "DATABASE_URL"
MODEL_KEY = "OPENAI_API_KEY"


def serve_until_stopped(backend: Path, port: int, paths: CoursePaths, console: Console) -> int:
    """Run uvicorn with reload in the learner's folder; return the exit code.

    Raises:
        CourseError: the port is taken, or the packages cannot be installed.
    """
    refuse_taken_port(port)
    environment = find_environment(backend, paths)
    with choose_database(backend, paths, console) as found, choose_model(backend, console) as more:
        variables = found | more
        console.print(f"Your app: http://localhost:{port}  (try /health and /docs; Ctrl-C ends it)")
        command = [f"{environment.python}", "-m", "uvicorn", "app.main:app", "--reload"]
        server = subprocess.Popen(
            [*command, "--port", f"{port}"], cwd=backend, env=make_env(environment, variables)
        )
        return wait_through_interrupts(server)


def execute(command: list[str], backend: Path, paths: CoursePaths, console: Console) -> int:
    """Run a command in the learner's folder, with the app's environment; return its exit code.

    Raises:
        UsageError: there is no such command.
    """
    environment = find_environment(backend, paths)
    with choose_database(backend, paths, console) as variables:
        env = make_env(environment, variables)
        program = shutil.which(command[0], path=env["PATH"])  # Windows would look in our own PATH
        if program is None:
            raise UsageError(
                f"there is no command {command[0]} in the app's environment",
                "Commands come with packages: name its package in backend/requirements.txt.",
            )
        process = subprocess.Popen([program, *command[1:]], cwd=backend, env=env)
        with without_interrupts():
            return wait_through_interrupts(process)


def find_environment(backend: Path, paths: CoursePaths) -> AppEnvironment:
    """Return the environment of the learner's app.

    Raises:
        CourseError: its packages cannot be installed.
    """
    try:
        return choose_environment(backend / "requirements.txt", paths)
    except RequirementsError as error:
        raise CourseError(
            f"the packages in backend/requirements.txt cannot be installed: {error}",
            error.next_step,
        ) from error


def make_env(environment: AppEnvironment, variables: dict[str, str]) -> dict[str, str]:
    """Return this process's variables, with the app's environment first on the path."""
    programs = environment.python.parent
    path = os.pathsep.join([f"{programs}", os.environ.get("PATH", os.defpath)])
    return {**os.environ, **variables, "PATH": path, "VIRTUAL_ENV": f"{programs.parent}"}


@contextmanager
def choose_database(
    backend: Path, paths: CoursePaths, console: Console
) -> Iterator[dict[str, str]]:
    """Lend the embedded database to an app that has migrations and names no database itself."""
    if not (backend / "alembic.ini").is_file():
        yield {}
        return
    if place := find_variable(backend, DATABASE_URL):
        console.print(f"Database: DATABASE_URL in {place}")
        yield {}
        return
    from checker.probes.postgres.development import open_development

    with open_development(paths) as url:
        console.print("Database: the course's own PostgreSQL (set DATABASE_URL to use another)")
        yield {DATABASE_URL: url}


@contextmanager
def choose_model(backend: Path, console: Console) -> Iterator[dict[str, str]]:
    """Let a script play the model for an app that asks one and has no key."""
    if not asks_model(backend):
        yield {}
        return
    if place := find_variable(backend, MODEL_KEY):
        console.print(f"Model: OPENAI_API_KEY in {place}")
        yield {}
        return
    from checker.probes.model.friendly import NAME, FriendlyModel

    with FriendlyModel() as model:
        console.print(f"Model: {NAME} (set OPENAI_API_KEY to use a real one)")
        yield {MODEL_KEY: model.key, "OPENAI_BASE_URL": model.url, "OPENAI_MODEL": NAME}


def asks_model(backend: Path) -> bool:
    """Tell whether the app has the client of a model among its packages."""
    file = backend / "requirements.txt"
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
    return any(line.strip().lower().startswith("openai") for line in lines)


def find_variable(backend: Path, name: str) -> str:
    """Return where the learner set a variable, if they did; of several lines the last counts."""
    if os.environ.get(name):
        return "the environment"
    file = backend / ".env"
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
    pairs = [line.strip().removeprefix("export ").partition("=") for line in lines]
    values = [value.strip() for found, _, value in pairs if found.strip() == name]
    return "backend/.env" if values and values[-1] else ""


def wait_through_interrupts(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the process, and see to it that it ends when this one is asked to end."""
    try:
        with sigterm_as_interrupt():
            code = process.wait()
    except KeyboardInterrupt:
        stop(process)
        return ExitCode.PASSED
    return ExitCode.PASSED if code in {0, -signal.SIGINT, 130} else ExitCode.FAILED


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Leave Ctrl-C to the command: in a Python prompt it ends a line, not the prompt."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Give the process five seconds to end, then end it."""
    if sys.platform != "win32":  # there Ctrl-C has reached it, and to terminate is to kill
        process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def refuse_taken_port(port: int, command: str = "./course run") -> None:
    """Raise when something listens already."""
    try:
        with socket.socket() as probe:
            if sys.platform != "win32":  # there it would let two servers share the port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError as error:
        raise CourseError(
            f"port {port} is taken: another program listens there",
            f"End that program, or choose another port: {command} --port {port + 1}",
        ) from error
