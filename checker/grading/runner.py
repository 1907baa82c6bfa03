"""Run one submission's cell, and wait for its verdict; many of them side by side."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import msgspec

from checker.grading.cell import LONGEST_WITH_PAGES, CellOrder, Jail, Verdict, blame_us
from checker.grading.results import RunKey, RunResult, Status
from checker.grading.servers import take_server
from checker.judge.results import Outcome
from checker.paths import CoursePaths
from checker.probes.strain import MOST_SLOWDOWN
from checker.processes import Processes

LONGEST_RUN = LONGEST_WITH_PAGES + 900  # seconds; for what comes before the checks, and the last
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
        databases: The paths of the course, when each run needs a database server of its own.
    """

    def __init__(
        self,
        temporary: Path,
        *,
        jail: Jail,
        python: Path | None = None,
        databases: CoursePaths | None = None,
    ) -> None:
        self._temporary = temporary
        self._jail = jail
        self._python = python
        self._databases = databases
        self._processes: Processes[bytes] = Processes()

    def run_all(self, works: Iterable[Work], jobs: int) -> Iterator[tuple[Work, RunResult]]:
        """Yield the results as they come; whoever stops listening stops the runs.

        Args:
            works: The runs.
            jobs: How many at a time.
        """
        self._processes = Processes()
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
        """Make one run; whatever keeps it from being made is its result: the batch goes on."""
        started = time.perf_counter()
        try:
            with take_server(self._databases) if self._databases else nullcontext("") as server:
                verdict = forgive(self._ask_cell(work, server), work)
        except Exception as error:  # noqa: BLE001 - as above
            verdict = blame_us(error)
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

    def _ask_cell(self, work: Work, server: str) -> Verdict:
        """Start a process for the run, and return what it finds."""
        order = msgspec.json.encode(self._make_order(work, server))
        process = self._processes.start(lambda: self._start(work))
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
            path=os.fsencode(work.path.absolute()),
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
        self._processes.forget(process)

    def _start(self, work: Work) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._make_command(work),
            cwd=self._temporary,
            env=self._make_env(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=sys.platform != "win32",  # Ctrl-C is ours to answer
        )

    def _make_env(self) -> dict[str, str]:
        """Return the few variables that a judge needs."""
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return kept | {"TMPDIR": f"{self._temporary}", "PYTHONUTF8": "1"}

    def _stop(self) -> None:
        """End what still runs."""
        self._processes.end_all(subprocess.Popen.kill)


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
