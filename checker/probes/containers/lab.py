"""The workplace of one run: an engine, the app's folders, and everything that is made there."""

import os
import secrets
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from checker.containers.engine import Engine, find_compose, find_engine
from checker.errors import ProbeError
from checker.probes.containers.guard import start_guard
from checker.probes.containers.kept import remove_oldest
from checker.probes.containers.traps import set_traps
from checker.probes.lock import try_lock
from checker.probes.node.build import is_free
from checker.probes.once import Once
from checker.probes.port import LOWEST, find_free_port

Made = TypeVar("Made")
LONGEST_BUILD = 900.0  # seconds
LONGEST_COMMAND = 180.0
FIRST_PORT = 19_000
# What the engine's own programs need; the user's other variables must not fill in a compose file.
PASSED_ON = (
    *("PATH", "HOME", "USER", "USERPROFILE", "SYSTEMROOT", "APPDATA", "LOCALAPPDATA", "TMPDIR"),
    *(
        "TEMP",
        "XDG_RUNTIME_DIR",
        "DOCKER_HOST",
        "DOCKER_CONFIG",
        "DOCKER_CONTEXT",
        "DOCKER_CERT_PATH",
    ),
    *(
        "DOCKER_TLS_VERIFY",
        "DOCKER_BUILDKIT",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
    ),
    *("https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "PROGRAMFILES", "PROGRAMDATA"),
)

QUIET = {"BUILDKIT_PROGRESS": "plain", "NO_COLOR": "1", "COMPOSE_ANSI": "never"}


@dataclass
class Lab:
    """Nothing is started before something is asked for; close it at the end.

    Attributes:
        source: The copy of the app, which stays as it is.
        scratch: A folder for this alone.
        run: The label of all that is made, and a part of every name.
        at_end: What is done at the end.
    """

    source: Path
    scratch: Path
    run: str = field(default_factory=lambda: secrets.token_hex(5))
    at_end: ExitStack = field(default_factory=ExitStack)
    _made: Once = field(default_factory=Once)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _at_work: set["subprocess.Popen[bytes]"] = field(default_factory=set)
    _is_closed: bool = False
    _guard: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.scratch.mkdir(parents=True, exist_ok=True)

    @property
    def engine(self) -> Engine:
        """The engine; once it was asked for, a guard watches over what it makes.

        Raises:
            LackingError: there is none.
        """
        return self.once("engine", self._open_engine)

    def _open_engine(self) -> Engine:
        engine = find_engine()
        self._guard = start_guard(engine, self.run)
        remove_oldest(engine)
        return engine

    @property
    def compose(self) -> tuple[str, ...]:
        """The command that understands compose files.

        Raises:
            LackingError: there is none.
        """
        return self.once("compose", find_compose)

    @property
    def app(self) -> Path:
        """A copy of the app in which lies what no image may get."""
        return self.once("app", self._copy_app)

    def _copy_app(self) -> Path:
        app = self.scratch / "app"
        shutil.copytree(self.source, app)
        set_traps(app)
        return app

    @property
    def ports(self) -> tuple[int, int]:
        """Where backend and frontend are published.

        The address of the backend is built into the pages. So they are the same in every run, and
        images come from the cache, unless another run has them, or something else listens there.
        """
        return self.once("ports", self._choose_ports)

    def _choose_ports(self) -> tuple[int, int]:
        user = getattr(os, "getuid", int)()  # others' files cannot be opened
        for port in range(FIRST_PORT, LOWEST - 1, 2):
            lock = Path(tempfile.gettempdir()) / f"course-ports-{user}-{port}.lock"
            is_ours = self.at_end.enter_context(try_lock(lock))
            if is_ours and is_free(port) and is_free(port + 1):
                return port, port + 1
        return find_free_port(), find_free_port()

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Make something once a run, whoever asks first; who asks meanwhile waits.

        What was raised instead is raised again.
        """
        return self._made.get(key, make)

    def command(
        self,
        command: Sequence[str],
        *,
        folder: Path | None = None,
        longest: float = LONGEST_COMMAND,
        extra: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the engine to its end; the end of the run ends it too.

        Raises:
            ProbeError: it did not end in time, or the run is over.
        """
        with self.running(command, folder, extra) as process:
            try:
                out, _ = process.communicate(timeout=longest)
            except subprocess.TimeoutExpired as error:
                raise ProbeError(
                    f"{' '.join(command[:3])} … had not ended after {longest:.0f} s",
                    "Restart the container engine, then run the check again.",
                ) from error
        if self._is_closed:
            raise ProbeError("the run has ended", "Run the check again.")
        return subprocess.CompletedProcess(
            command, process.returncode, out.decode(errors="replace")
        )

    @contextmanager
    def running(
        self,
        command: Sequence[str],
        folder: Path | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> "Iterator[subprocess.Popen[bytes]]":
        """Run a program for the length of a block; both its streams are one."""
        process = self.start(command, folder, extra)
        try:
            with process:
                yield process
                process.kill()
        finally:
            process.kill()
            with self._lock:
                self._at_work.discard(process)

    def start(
        self,
        command: Sequence[str],
        folder: Path | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> "subprocess.Popen[bytes]":
        """Start a program; the end of the run ends it."""
        env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with self._lock:
            if self._is_closed:
                raise ProbeError("the run has ended", "Run the check again.")
            process = subprocess.Popen(
                command,
                cwd=folder or self.scratch,
                env=env | QUIET | dict(extra or {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            self._at_work.add(process)
            return process

    def stop(self) -> None:
        """End what is at work: whoever waits for it gets an error."""
        with self._lock:
            self._is_closed = True
            for process in self._at_work:
                process.kill()

    def close(self) -> None:
        """Remove everything that was made, and wait until it is gone."""
        self.stop()
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
            self._guard.wait()
        self.at_end.close()
