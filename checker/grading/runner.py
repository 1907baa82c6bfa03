"""Run one submission's cell, and wait for its verdict; many of them side by side."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from checker.grading.cell import CellOrder, Jail, Verdict
from checker.grading.results import RunKey, RunResult, Status
from checker.grading.strain import MOST_SLOWDOWN
from checker.judge.results import Outcome
from checker.paths import CoursePaths

LONGEST_RUN = 2400.0  # seconds; the judge gives up on an app long before
PASSED_ON = ("PATH", "LANG", "COURSE_CACHE", "HOME", "SYSTEMROOT")


@dataclass(frozen=True)
class Work:
    """One run that is to be made; after the first attempt, it is made alone."""

    name: str
    path: Path
    key: RunKey
    seed: int
    attempt: int = 1


class Runner:
    """Makes runs on this machine.

    Args:
        temporary: Where they put what they need for a moment.
        jail: Where the apps live.
        python: Of an environment with more packages than the course's; None for that one.
        servers: The paths of the course, with other names of the embedded PostgreSQL. No two runs
            have the same one at a time, since what hostile statements can do to a server, such as
            taking every lock, they do to all of its databases.
    """

    def __init__(
        self,
        temporary: Path,
        *,
        jail: Jail,
        python: Path | None = None,
        servers: Iterable[CoursePaths] = (),
    ) -> None:
        self._temporary = temporary
        self._jail = jail
        self._python = python
        self._servers = list(servers)
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_stopping = False

    def run_all(self, works: Iterable[Work], jobs: int) -> Iterator[tuple[Work, RunResult]]:
        """Yield the results as they come; whoever stops listening stops the runs.

        Args:
            works: The runs.
            jobs: How many at a time.
        """
        self._is_stopping = False
        waiting = iter(works)
        with ThreadPoolExecutor(jobs) as pool:
            pending: dict[Future[RunResult], Work] = {}
            try:
                while True:
                    while len(pending) < jobs and (work := next(waiting, None)):
                        pending[pool.submit(self.run, work)] = work
                    if not pending:
                        return
                    for done in wait(pending, return_when=FIRST_COMPLETED).done:
                        yield pending.pop(done), done.result()
            finally:
                self._stop()

    def run(self, work: Work) -> RunResult:
        """Make one run."""
        started = time.perf_counter()
        with self._take_server() as server:
            verdict = forgive(self._ask_cell(work, server), work)
        return RunResult(
            id=work.key.id,
            key=work.key,
            attempt=work.attempt,
            seed=work.seed,
            status=verdict.status,
            reason=verdict.reason,
            report=verdict.report,
            seconds=round(time.perf_counter() - started, 3),
            slowdown=verdict.slowdown,
        )

    @contextmanager
    def _take_server(self) -> Iterator[str]:
        """Yield the name of a server that no other run has; empty where there is none to have.

        One that the run before has left in ruins is started anew.

        Raises:
            ProbeError: it does not start here.
        """
        if not self._servers:
            yield ""
            return
        from checker.probes.postgres.server import lease_server

        paths = self._servers.pop()  # lists do that at once, whatever other threads do
        try:
            with lease_server(paths):
                yield paths.server
        finally:
            self._servers.append(paths)

    def _ask_cell(self, work: Work, server: str) -> Verdict:
        """Start a process for the run, and return what it finds."""
        order = msgspec.json.encode(self._make_order(work, server))
        process = self._start(work)
        if process is None:
            return Verdict(status=Status.ERROR, reason="the grader was ended")
        try:
            output, errors = process.communicate(order, LONGEST_RUN)
        except subprocess.TimeoutExpired:
            return Verdict(status=Status.ERROR, reason=f"no verdict within {LONGEST_RUN:g} s")
        finally:
            self._end(work, process)
        try:
            return msgspec.json.decode(output, type=Verdict)
        except msgspec.DecodeError:
            lines = errors.decode(errors="replace").strip().splitlines() or ["it says nothing"]
            return Verdict(status=Status.ERROR, reason=f"the judge ended early: {lines[-1]}")

    def _make_order(self, work: Work, server: str) -> CellOrder:
        """Return what the process is told."""
        return CellOrder(
            name=work.name,
            path=f"{work.path.absolute()}",
            lesson=work.key.lesson,
            seed=work.seed,
            parent=os.getpid(),
            jail=self._jail,
            python=f"{self._python or ''}",
            server=server,
        )

    def _make_command(self, work: Work) -> list[str]:  # noqa: ARG002 - a container is named after it
        """Return the command that starts it."""
        return [sys.executable, "-P", "-m", "checker.grading.cell"]

    def _end(self, work: Work, process: "subprocess.Popen[bytes]") -> None:  # noqa: ARG002 - as above
        """End it, if it still runs."""
        process.kill()
        process.wait()
        with self._lock:
            self._running.discard(process)

    def _start(self, work: Work) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._is_stopping:
                return None
            process = subprocess.Popen(
                self._make_command(work),
                cwd=self._temporary,
                env=self._make_env(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=sys.platform != "win32",  # Ctrl-C is ours to answer
            )
            self._running.add(process)
            return process

    def _make_env(self) -> dict[str, str]:
        """Return the few variables that a judge needs."""
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return kept | {"TMPDIR": f"{self._temporary}", "PYTHONUTF8": "1"}

    def _stop(self) -> None:
        """End what still runs."""
        with self._lock:
            self._is_stopping = True
            for process in self._running:
                process.kill()


def forgive(verdict: Verdict, work: Work) -> Verdict:
    """Return the verdict, or an error when failures may be those of an overloaded machine.

    A second attempt is made alone, and counts: a submission that burns the processors itself gets
    no way round its mark.
    """
    is_strained = verdict.slowdown >= MOST_SLOWDOWN and work.attempt == 1
    if not is_strained or verdict.report is None or not verdict.report.select(Outcome.FAILED):
        return verdict
    reason = f"the machine was too busy to tell: work took {verdict.slowdown:g} times as long"
    return msgspec.structs.replace(verdict, status=Status.ERROR, reason=reason)
