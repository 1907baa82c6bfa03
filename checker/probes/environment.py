"""Choose the virtual environment that the learner's app runs in."""

import hashlib
import re
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import msgspec

from checker.errors import ProbeError
from checker.launcher.setup import find_interpreter, find_uv
from checker.paths import CoursePaths
from checker.probes.app import AppEnvironment
from checker.probes.installer import RETRIES, run_installer
from checker.probes.lock import hold_lock
from checker.probes.requirements import RequirementsError, read_requirements_file

__all__ = ["RequirementsError", "choose_environment"]

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
    "fastapi.sse",
    "jwt",
    "openai",
    "openai.resources.chat.completions",
    "openai.resources.responses",
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
FROM_VERSIONS = re.compile(r" \(from versions: [^)]*\)")  # pip lists every one there ever was
UNSATISFIABLE = re.compile(
    "no matching distribution|could not find a version|no solution found|unsatisfiable"
    "|invalid requirement|couldn't parse requirement|conflicting dependencies|not a valid"
    "|no such file|invalid version|expected package name|not found in the package registry"
    "|distribution not found|does not appear to be a python project",
    re.IGNORECASE,
)
WRONG_HASHES = re.compile("do not match the hashes|hash mismatch|require-hashes", re.IGNORECASE)
MEND_HASHES = (
    "Take the hash that was got if you trust where the package came from: pip hash shows it. Or "
    "leave every --hash out."
)
UNREACHABLE = re.compile(
    "connection (?:broken|refused|reset|aborted|error)|failed to (?:fetch|establish)"
    "|error sending request|name resolution|dns error|network is unreachable"
    "|max retries exceeded|cannot connect to proxy|read timed out|operation timed out",
    re.IGNORECASE,
)


def choose_environment(requirements: Path, paths: CoursePaths) -> AppEnvironment:
    """Return the course's environment if it satisfies the file, else one made for the file.

    Raises:
        RequirementsError: the file asks for what does not exist, or cannot be read.
        ProbeError: the environment could not be made for reasons of ours.
    """
    course = find_course_environment(paths)
    if not requirements.is_file():
        return course
    wanted, constraints = read_requirements_file(requirements, requirements.parent.parent)
    try:
        reused = None if constraints else reuse_course_environment(wanted, course.python, paths)
        return reused or make_own_environment(wanted, constraints, paths)
    except OSError as error:
        raise ProbeError(
            f"{paths.cache} cannot be written: {error.strerror or error}",
            "Make room on its disk, or name another folder in the variable COURSE_CACHE.",
        ) from error


def find_course_environment(paths: CoursePaths) -> AppEnvironment:
    """Return the course's environment as it is.

    Raises:
        ProbeError: it is not there.
    """
    python = find_python(paths.app_environment)
    if not python.exists():
        raise ProbeError("the app's environment is missing", "Run ./course start to make it.")
    return AppEnvironment(python, preload=WORTH_PRELOADING)


def find_python(environment: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    if sys.platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def reuse_course_environment(text: str, python: Path, paths: CoursePaths) -> AppEnvironment | None:
    """Return an environment that is there, narrowed to what is asked for; None if it lacks some.

    Args:
        text: The content of a requirements.txt.
        python: Of the course's environment, or of a larger one.
        paths: The folders of the course.
    """
    stamp = paths.app_environment / ".course-stamp"
    made_from = stamp.read_bytes() if stamp.exists() else b""
    key = hashlib.sha256(f"{python}\0{text}".encode() + made_from).hexdigest()[:24]
    note = paths.cache / "environments" / f"{key}.json"
    try:
        hidden = msgspec.json.decode(note.read_bytes(), type=tuple[str, ...] | None)
    except (FileNotFoundError, msgspec.DecodeError):
        from checker.probes.closure import find_hidden_modules

        hidden = find_hidden_modules(text, python.parent.parent)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_bytes(msgspec.json.encode(hidden))
    if hidden is None:
        return None
    preload = tuple(name for name in WORTH_PRELOADING if name.partition(".")[0] not in hidden)
    return AppEnvironment(python, hidden, preload)


def make_own_environment(text: str, constraints: str, paths: CoursePaths) -> AppEnvironment:
    """Make an environment for these requirements, or return the one that was made before.

    Raises:
        RequirementsError: pip or uv found that they cannot be satisfied.
        ProbeError: the packages could not be fetched.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    key = hashlib.sha256(f"{version}\n{text}\0{constraints}".encode()).hexdigest()[:24]
    folder = paths.cache / "environments" / key
    done = folder / ".complete"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with hold_lock(folder.with_suffix(".lock")):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(".txt").write_text(text, encoding="utf-8")
            folder.with_suffix(".constraints").write_text(constraints, encoding="utf-8")
            try:
                install(folder)
                done.touch()
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
    return AppEnvironment(find_python(folder), preload=WORTH_PRELOADING)


def install(folder: Path) -> None:
    """Make the environment, and install the two files of its name into it.

    Wheels only: to build a package is to run its author's code, here and as this user.
    """
    python, interpreter = find_python(folder), find_interpreter()
    files = ["-r", f"{folder.with_suffix('.txt')}", "-c", f"{folder.with_suffix('.constraints')}"]
    files += ["--only-binary", ":all:"]
    if uv := find_uv(interpreter):
        venv = ["venv", "--quiet", "--no-project", "--python", sys.executable, f"{folder}"]
        run_step([*uv, *venv], folder.parent)
        # Copies: through links into uv's cache, one app could change the packages of all others.
        options = ["--quiet", "--link-mode", "copy", "--compile-bytecode", "--python", f"{python}"]
        run_step([*uv, "pip", "install", *options, *files], folder.parent)
        return
    run_step([sys.executable, "-P", "-m", "venv", f"{folder}"], folder.parent)
    pip = [f"{python}", "-I", "-m", "pip", "--disable-pip-version-check", "--retries", RETRIES]
    run_step([*pip, "install", "--quiet", "--no-input", *files], folder.parent)


def run_step(command: list[str], folder: Path) -> None:
    """Run one step of an installation, and tell apart whose fault a failure is."""
    if text := run_installer(command, "the app's packages", folder):
        explain_failure(FROM_VERSIONS.sub("", text))


def explain_failure(text: str) -> NoReturn:
    """Raise what an installer's output stands for: only what it blames on the file is theirs."""
    lines = [line for line in text.splitlines() if not line.startswith("WARNING:")]
    reason = "\n".join(lines[-3:])
    if UNREACHABLE.search(text):
        raise ProbeError(
            f"the app's packages could not be fetched: {reason}",
            "Check the network, then run the check again.",
        )
    if WRONG_HASHES.search(text):
        raise RequirementsError(reason, MEND_HASHES)
    if UNSATISFIABLE.search(text):
        raise RequirementsError(reason)
    raise ProbeError(
        f"the app's packages could not be installed: {reason}",
        "Check the disk, and whether each package in requirements.txt can be had for this system.",
    )
