"""Find the nursery, a process that has the frameworks imported already, or start it (Linux).

It stays up between runs: importing the frameworks takes longer than all the checks of a lesson.
"""

import hashlib
import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from checker.errors import ProbeError
from checker.probes.app import MEND_PYTHON, AppEnvironment
from checker.probes.lock import hold_lock

GUEST = Path(__file__).parent / "guest"
LONGEST_IDLE = 600.0  # seconds without a run, unless COURSE_WARM_SECONDS says otherwise
LONGEST_START = 30.0  # seconds
LONGEST_FOLDER = 80  # bytes: the name of a Unix socket has 107 at most


def ask_for_host(environment: AppEnvironment, control: socket.socket, scratch: Path) -> None:
    """Have a host forked that obeys the other end of `control`.

    Raises:
        ProbeError: no nursery can be started here.
    """
    path = name_socket(environment)
    with hold_lock(path.with_name("lock")):
        nursery = connect(path) or start_nursery(environment, path)
    with nursery:
        line = json.dumps({"scratch": str(scratch)}).encode()
        socket.send_fds(nursery, [line], [control.fileno()])


def connect(path: Path) -> socket.socket | None:
    """Return a connection to the nursery, None when nobody listens."""
    nursery = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        nursery.connect(str(path))
    except OSError:
        nursery.close()
        return None
    return nursery


def remove_dead(folder: Path) -> None:
    """Remove the addresses at which nobody listens any more."""
    for path in folder.glob("*.sock"):
        if alive := connect(path):
            alive.close()
        else:
            path.unlink(missing_ok=True)


def start_nursery(environment: AppEnvironment, path: Path) -> socket.socket:
    """Start a nursery of this environment, and connect as soon as it listens."""
    remove_dead(path.parent)
    idle = float(os.environ.get("COURSE_WARM_SECONDS", LONGEST_IDLE))
    options = json.dumps(
        {"preload": environment.preload, "hidden": environment.hidden, "idle": idle}
    )
    process = subprocess.Popen(
        [environment.python, "-I", GUEST / "nursery.py", path, options],
        cwd="/",
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + LONGEST_START
    while process.poll() is None and time.monotonic() < deadline:
        if nursery := connect(path):
            process.returncode = 0  # it outlives us on purpose: nobody is to wait for it
            return nursery
        time.sleep(0.005)
    raise ProbeError(
        "the process that starts the app could not be started",
        MEND_PYTHON,
    )


def name_socket(environment: AppEnvironment) -> Path:
    """Return the address of the nursery that fits: another one for other packages or other code.

    It lies in the temporary folder, because the name of a Unix socket must be short.
    """
    facts = [str(environment.python), *environment.preload, *environment.hidden]
    facts += [f"{p.name} {p.stat().st_mtime_ns}" for p in sorted(GUEST.glob("*.py"))]
    stamp = environment.python.parent.parent / ".course-stamp"
    facts.append(stamp.read_text() if stamp.exists() else "")
    key = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]
    return find_folder() / f"{key}.sock"


def find_folder() -> Path:
    """Return this user's folder for sockets, which nobody else may enter.

    Raises:
        ProbeError: it cannot be made, or somebody else made a folder of that name.
    """
    folder = Path(tempfile.gettempdir()) / f"course-warm-{os.getuid()}"
    if len(os.fsencode(folder)) > LONGEST_FOLDER:
        folder = Path("/tmp") / folder.name  # noqa: S108 - of the same name, and as private
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ProbeError(
            f"{folder} cannot be made: {error.strerror}",
            "Make room on its disk, or name another folder in the variable TMPDIR.",
        ) from error
    facts = folder.lstat()
    if facts.st_uid != os.getuid() or facts.st_mode & 0o77:
        raise ProbeError(
            f"{folder} belongs to somebody else", f"Remove {folder}, then run the check again."
        )
    return folder
