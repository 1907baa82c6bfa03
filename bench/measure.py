"""Time whole processes, as a user waits for them."""

import os
import shlex
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
