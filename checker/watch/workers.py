"""Keep a process that checks by order, and a second one that takes over when a run is cancelled."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable

from checker.paths import CoursePaths
from checker.probes.tree import kill_all, list_tree
from checker.watch.messages import Answer, Order, read, write

LONGEST_END = 15.0  # seconds until a run that is cancelled has put everything away
Hear = Callable[["Worker", Answer | None], None]


class Worker:
    """A process that checks by order, see `checker.watch.worker`.

    Args:
        paths: The folders of the course.
        hear: Told every answer as it comes, from a thread; None when the process has ended.
    """

    def __init__(self, paths: CoursePaths, hear: Hear) -> None:
        self._hear = hear
        self._process = subprocess.Popen(
            [sys.executable, "-m", "checker.watch.worker"],
            cwd=paths.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=sys.platform != "win32",  # Ctrl-C is for the watch alone
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def is_there(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def send(self, order: Order) -> None:
        """Give an order; a worker that is gone is told about by its last answer."""
        assert self._process.stdin is not None  # noqa: S101 - started with a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.write(write(order))
            self._process.stdin.flush()

    def close(self) -> None:
        """Interrupt what it does, and wait until it has put everything away."""
        assert self._process.stdin is not None  # noqa: S101 - started with a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            kill_all(list_tree(self._process.pid))  # what it started is ended by the run's guards
            self._process.wait()
        self._thread.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - started with a pipe
        with self._process.stdout as answers:
            for line in answers:
                self._hear(self, read(line, Answer))
        self._hear(self, None)


class Workers:
    """The worker that is at work, and one in reserve: to import all the checks takes a while.

    Args:
        paths, hear: See `Worker`.
    """

    def __init__(self, paths: CoursePaths, hear: Hear) -> None:
        self._paths = paths
        self._hear = hear
        self.current = self._make()
        self._reserve: Worker | None = None

    def _make(self) -> Worker:
        return Worker(self._paths, self._hear)

    def keep_reserve(self) -> None:
        """Have one in reserve; to be called when nobody waits for a verdict."""
        self._reserve = self._reserve or self._make()

    def replace(self) -> None:
        """Interrupt the current one, and put another in its place."""
        self.current.close()
        waiting, self._reserve = self._reserve, None
        if waiting and not waiting.is_there:
            waiting.close()  # its pipes are still open
            waiting = None
        self.current = waiting or self._make()

    def close(self) -> None:
        """End them all."""
        for worker in filter(None, (self._reserve, self.current)):
            worker.close()
