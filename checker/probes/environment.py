"""Choose the virtual environment that the learner's app runs in."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.app import AppEnvironment

WORTH_PRELOADING = (
    "alembic.config",
    "alembic.autogenerate",
    "anyio._backends._asyncio",
    "bcrypt",
    "email_validator",
    "encodings.idna",
    "fastapi",
    "fastapi.middleware.cors",
    "fastapi.openapi.utils",
    "fastapi.security",
    "jwt",
    "pydantic.v1",  # FastAPI imports it with the first route
    "pydantic_settings",
    "psycopg2.extras",
    "python_multipart",
    "sqlalchemy.dialects.postgresql.psycopg2",
    "sqlmodel",
    "uvicorn",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
NETWORK_TROUBLE = ("connection", "name resolution", "timed out", "proxy", "network", "dns error")
LONGEST_INSTALL = 600.0  # seconds


class RequirementsError(Exception):
    """The app's requirements.txt cannot be installed; the text says why."""


def choose_environment(requirements: Path, paths: CoursePaths) -> AppEnvironment:
    """Return the course's environment if it satisfies the file, else one made for the file.

    Raises:
        RequirementsError: the file asks for what does not exist, or cannot be read.
        ProbeError: the environment could not be made for reasons of ours.
    """
    python = find_python(paths.app_environment)
    if not python.exists():
        raise ProbeError("the app's environment is missing", "Run ./course start to make it.")
    if not requirements.is_file():
        return AppEnvironment(python, preload=WORTH_PRELOADING)
    text = requirements.read_text(encoding="utf-8", errors="replace")
    return reuse_course_environment(text, python, paths) or make_own_environment(text, paths)


def find_python(environment: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    if sys.platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def reuse_course_environment(text: str, python: Path, paths: CoursePaths) -> AppEnvironment | None:
    """Return the course's environment, narrowed to what the file asks for; None if it lacks some."""
    stamp = paths.app_environment / ".course-stamp"
    key = hashlib.sha256(
        text.encode() + (stamp.read_bytes() if stamp.exists() else b"")
    ).hexdigest()
    note = paths.cache / "environments" / f"{key[:24]}.json"
    try:
        hidden = msgspec.json.decode(note.read_bytes(), type=tuple[str, ...] | None)
    except (OSError, msgspec.DecodeError):
        from checker.probes.closure import find_hidden_modules

        hidden = find_hidden_modules(text, python.parent.parent)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_bytes(msgspec.json.encode(hidden))
    if hidden is None:
        return None
    preload = tuple(name for name in WORTH_PRELOADING if name.partition(".")[0] not in hidden)
    return AppEnvironment(python, hidden, preload)


def make_own_environment(text: str, paths: CoursePaths) -> AppEnvironment:
    """Make an environment for this requirements.txt, or return the one that was made before.

    Raises:
        RequirementsError: pip or uv found that the file cannot be satisfied.
        ProbeError: the packages could not be fetched.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    key = hashlib.sha256(f"{version}\n{text}".encode()).hexdigest()[:24]
    folder = paths.cache / "environments" / key
    python = find_python(folder)
    done = folder / ".complete"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        requirements = folder.with_suffix(".txt")
        requirements.write_text(text, encoding="utf-8")
        install(folder, requirements)
        done.touch()
    return AppEnvironment(python, preload=WORTH_PRELOADING)


def install(folder: Path, requirements: Path) -> None:
    """Make the environment and install the file into it."""
    if uv := shutil.which("uv"):
        run_installer([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        python = str(find_python(folder))
        run_installer(
            [uv, "pip", "install", "--quiet", "--python", python, "-r", str(requirements)]
        )
        return
    run_installer([sys.executable, "-m", "venv", str(folder)])
    pip = [str(find_python(folder)), "-I", "-m", "pip", "--disable-pip-version-check"]
    run_installer([*pip, "install", "--quiet", "-r", str(requirements)])


def run_installer(command: list[str]) -> None:
    """Run one step of an installation, and tell apart whose fault a failure is."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LONGEST_INSTALL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProbeError(
            f"the app's packages could not be installed: {error}",
            "Check the network and the disk, then run the check again.",
        ) from error
    if done.returncode == 0:
        return
    reason = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-3:])
    if any(word in done.stderr.lower() for word in NETWORK_TROUBLE):
        raise ProbeError(
            f"the app's packages could not be fetched: {reason}",
            "Check the network, then run the check again.",
        )
    raise RequirementsError(reason)
