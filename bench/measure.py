"""Time whole processes, as a user waits for them."""

import os
import platform
import shlex
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_RUN = 900.0  # seconds


@dataclass(frozen=True)
class Measurement:
    """What several runs of one thing took, in seconds of wall time."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the runs."""
        return statistics.median(self.seconds)


class CommandFailedError(Exception):
    """A command that is measured did not do its work."""


@dataclass(frozen=True)
class Place:
    """Where commands run: a folder, and what stands in their environment besides ours."""

    folder: Path
    variables: Mapping[str, str]

    def run(self, command: Sequence[object]) -> float:
        """Run a command to its end and return the seconds that it took.

        Raises:
            CommandFailedError: its exit code was not 0.
        """
        words = [str(word) for word in command]
        started = time.perf_counter()
        done = subprocess.run(
            words,
            cwd=self.folder,
            env={**os.environ, **self.variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_RUN,
            check=False,
        )
        seconds = time.perf_counter() - started
        if done.returncode != 0:
            output = (done.stdout + done.stderr).decode(errors="replace")
            raise CommandFailedError(
                f"{shlex.join(words)}: exit code {done.returncode}\n{output[-2000:]}"
            )
        return seconds


def repeat(name: str, runs: int, act: Callable[[], float], *, warm_up: int = 1) -> Measurement:
    """Measure something several times, after some runs that do not count.

    Args:
        name: What the table calls it.
        runs: How many count.
        act: Does it once and returns its seconds.
        warm_up: How many go before.
    """
    for _ in range(warm_up):
        act()
    return Measurement(name, tuple(act() for _ in range(runs)))


def print_head(runs: int) -> None:
    """Say what is measured where, and name the columns."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    installer = "uv" if shutil.which("uv") else "pip"
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"load at the start {load:.1f}, {runs} runs, set-up with {installer}")
    print(f"\n{'seconds of wall time':<56} {'median':>7} {'min':>7} {'max':>7}")


def print_row(measured: Measurement) -> None:
    """Print one line of the table."""
    low, high = min(measured.seconds), max(measured.seconds)
    print(f"{measured.name:<56} {measured.median:7.2f} {low:7.2f} {high:7.2f}", flush=True)
