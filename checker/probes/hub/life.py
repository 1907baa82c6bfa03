"""The life of a Space: what is pushed is built, started, and watched."""

import contextlib
import http.client
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from checker.probes.hub import stage as stages
from checker.probes.hub.address import Address
from checker.probes.hub.card import read_card
from checker.probes.hub.log import Log
from checker.probes.hub.repository import Repository
from checker.probes.hub.runner import BuildError, Order, Runner, RunningApp

LONGEST_START = 60.0  # seconds until an app must answer; the real Hub waits half an hour
LONGEST_SLEEP = 30.0  # seconds that a visitor waits for a Space that wakes up
PAUSE = 0.2
NO_CARD = "Missing configuration in README"
COLLISION = "Collision on variables and secrets names"


class OvertakenError(Exception):
    """Something newer is to be built."""


@dataclass(eq=False)
class Space:
    """One Space.

    Attributes:
        port: Of its address; 0 for any.
        sdk: What was said when it was created; its README.md may say otherwise.
        error: Why it is not well, in words.
        sha: The commit that runs.
        builds: How often one was begun.
    """

    owner: str
    name: str
    sdk: str
    repository: Repository
    runner: Runner
    longest_start: float = LONGEST_START
    port: int = 0
    stage: str = stages.NO_APP_FILE
    error: str = ""
    sha: str = ""
    builds: int = 0
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    build_log: Log = field(default_factory=Log)
    run_log: Log = field(default_factory=Log)
    _app: RunningApp | None = None
    _image: str = ""
    _turn: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.address = Address(self._find_target, lambda: self.stage, self.port)

    @property
    def id(self) -> str:
        """Its owner and its name."""
        return f"{self.owner}/{self.name}"

    def rebuild(self) -> None:
        """Build the newest commit, start it, and let it take the place of what runs."""
        if self.repository.find_head():
            self._begin("")

    def restart(self) -> None:
        """Start what was built once more; build it if that went wrong."""
        if self.repository.find_head():
            self._begin(self._image)

    def sleep(self) -> None:
        """Stop, until somebody comes."""
        self._rest(stages.SLEEPING)

    def pause(self) -> None:
        """Stop, until it is started once more."""
        self._rest(stages.PAUSED)

    def close(self) -> None:
        """Stop for good."""
        self.sleep()
        self.address.close()
        for log in (self.build_log, self.run_log):
            log.close()

    def _rest(self, stage: str) -> None:
        with self._lock:
            self._turn += 1
            self._stop()
            self.stage = stage

    def _begin(self, image: str) -> None:
        with self._lock:
            self._turn += 1
            self.error = ""
            if image:
                self.stage = stages.STARTING_ANEW if self._app else stages.STARTING
            else:
                self.stage = stages.BUILDING_ANEW if self._app else stages.BUILDING
                self.build_log.close()
                self.build_log = Log()
            work = (self._turn, image, self.build_log)
        threading.Thread(target=self._live, args=work, daemon=True).start()

    def _live(self, turn: int, image: str, log: Log) -> None:
        """Go through the stages, unless something newer overtakes."""
        with contextlib.suppress(OvertakenError):
            sha = self.repository.find_head()
            try:
                order, built = self._prepare(turn, image, log)
            finally:
                log.close()  # who follows it hears that the build is done
            if order and built:
                self._expect_turn(turn)
                self._image = built
                self._start(turn, order, sha)

    def _prepare(self, turn: int, image: str, log: Log) -> tuple[Order | None, str]:
        """Return the order, and what is to be started: what was built before, or is now."""
        with tempfile.TemporaryDirectory(prefix="course-space-") as folder:
            order = self._make_order(turn, Path(folder))
            return order, image or (self._build(turn, order, log) if order else "")

    def _make_order(self, turn: int, folder: Path) -> Order | None:
        """Return what to build; None when the files are no Space that could be."""
        card = read_card((self.repository.read("README.md") or b"").decode(errors="replace"))
        wrong = [*card.errors] if card.facts or card.errors else [NO_CARD]
        if self.variables.keys() & self.secrets.keys():
            wrong.append(COLLISION)
        if wrong:
            self._go_to(turn, stages.CONFIG_ERROR, "; ".join(wrong))
            return None
        if self.repository.read("Dockerfile") is None:
            self._go_to(turn, stages.NO_APP_FILE, "there is no Dockerfile")
            return None
        self.repository.export(folder)
        name = f"{self.owner}-{self.name}".lower()
        return Order(name, folder, card.port, {**self.variables}, {**self.secrets})

    def _build(self, turn: int, order: Order, log: Log) -> str:
        """Build, and return what to start; an empty text when it failed."""
        self.builds += 1
        log.write(f"===== Build queued at {time.strftime('%Y-%m-%d %H:%M:%S')} =====")
        try:
            return self.runner.build(order, log.write)
        except BuildError:
            self._go_to(turn, stages.BUILD_ERROR, "Job failed: see the build log")
            return ""

    def _start(self, turn: int, order: Order, sha: str) -> None:
        """Start, wait for the first answer, and take the place of what ran before."""
        self._go_to(turn, stages.STARTING_ANEW if self._app else stages.STARTING)
        log = Log()
        app = self.runner.start(self._image, order, log.write)
        try:
            is_well = self._wait_for(app, turn)
        except OvertakenError:
            app.stop()
            raise
        with self._lock:
            self._expect_turn(turn)
            self._stop()
            self.run_log, self.sha = log, sha
            if not is_well:
                self._fail(app, order)
                return
            self._app, self.stage = app, stages.RUNNING
        self._watch(app, order)

    def _wait_for(self, app: RunningApp, turn: int) -> bool:
        """Wait for the first answer; False when it ended, or said nothing for too long."""
        deadline = time.monotonic() + self.longest_start
        while app.poll() is None and time.monotonic() < deadline:
            self._expect_turn(turn)
            if answers(app.port):
                return True
            time.sleep(PAUSE)
        return False

    def _watch(self, app: RunningApp, order: Order) -> None:
        """Notice when an app ends by itself."""
        while self._app is app and app.poll() is None:
            time.sleep(PAUSE)
        with self._lock:
            if self._app is app:
                self._app = None
                self._fail(app, order)

    def _fail(self, app: RunningApp, order: Order) -> None:
        code = app.poll()
        app.stop()
        self.stage = stages.RUNTIME_ERROR
        ended = f"Exit code: {code}. Reason: the app ended"
        silent = f"The app did not answer on port {order.port} within {self.longest_start:g} s"
        self.error = silent if code is None else ended
        self.run_log.close()

    def _stop(self) -> None:
        app, self._app = self._app, None
        if app is not None:
            app.stop()
            self.run_log.close()

    def _go_to(self, turn: int, stage: str, error: str = "") -> None:
        with self._lock:
            self._expect_turn(turn)
            self.stage, self.error = stage, error

    def _expect_turn(self, turn: int) -> None:
        if self._turn != turn:
            raise OvertakenError

    def _find_target(self) -> int:
        """Return the app's port; who comes to a Space that sleeps wakes it, and waits."""
        with self._lock:
            if self.stage == stages.SLEEPING and self._image:
                self._begin(self._image)
        deadline = time.monotonic() + LONGEST_SLEEP
        while self.stage == stages.STARTING and time.monotonic() < deadline:
            time.sleep(PAUSE / 4)
        app = self._app
        return app.port if app else 0


def answers(port: int) -> bool:
    """Tell whether anything speaks HTTP at a port of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
