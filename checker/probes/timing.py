"""Observe how an app spends time, in ways that a busy machine does not upset.

Work is the processor time of the app with all its processes. However busy the machine is, a hash
takes the same work, and so work tells where in a request the app is, which no clock does.
"""

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil

from checker.probes.backend import Backend, BrokenExchangeError
from checker.probes.http import Exchange
from checker.probes.meanwhile import repeat_meanwhile
from checker.probes.tree import list_tree

HAS_FINE_CLOCK = sys.platform != "win32"
"""Whether the work of some milliseconds can be seen; Windows counts it in steps of 16 ms."""
POLL = 0.0005 if HAS_FINE_CLOCK else 0.01  # seconds between two looks at a request in work
LATENESS_PERIOD = 0.1  # seconds between two looks at how late the machine is
Send = Callable[[], Exchange]


@dataclass(frozen=True)
class Cost:
    """What a request took.

    Attributes:
        work: Seconds of processor time.
    """

    answer: Exchange
    work: float


@dataclass(frozen=True)
class Overlap:
    """A slow request, and GET /health that was sent while the app worked on it.

    Attributes:
        slow: The slow request.
        is_quick_first: Whether /health was answered in the middle too.
    """

    slow: Cost
    is_quick_first: bool


def measure(backend: Backend, send: Send) -> Cost:
    """Send a request and measure the work until its answer."""
    before = read_work(backend)
    answer = send()
    return Cost(answer, read_work(backend) - before)


def observe_overlap(backend: Backend, send_slow: Send, begun: float) -> Overlap:
    """Send a slow request, and in the middle of it GET /health.

    Whether /health came first is told by the work that was done until then, and not by a clock:
    less than half of what was left of the slow request. When next to nothing was left, because we
    were late, that tells nothing.

    Args:
        backend: What is asked, by nobody else meanwhile.
        send_slow: Sends the slow request.
        begun: Seconds of work after which the app is in the middle of it.
    """
    before = read_work(backend)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(lambda: (send_slow(), read_work(backend)))
        while not slow.done() and read_work(backend) - before < begun:
            time.sleep(POLL)
        sent = read_work(backend)
        backend.get("/health")
        answered = read_work(backend)
        answer, ended = slow.result()
    left = ended - sent
    is_first = left > begun / 2 and answered - sent < left / 2
    return Overlap(Cost(answer, ended - before), is_first)


@dataclass
class Lateness:
    """How late this machine is for everybody.

    Attributes:
        seconds: The longest that a request took which has nothing to wait for.
    """

    seconds: float = 0.0


@contextlib.contextmanager
def watch_lateness(idle: Backend) -> Iterator[Lateness]:
    """Ask a backend with nothing to do for /health again and again, until the block is left."""
    seen = Lateness()

    def ask() -> None:
        with contextlib.suppress(BrokenExchangeError):  # whoever checks that backend will say so
            seen.seconds = max(seen.seconds, idle.get("/health").seconds)

    with repeat_meanwhile(ask, LATENESS_PERIOD):
        yield seen


def read_work(backend: Backend) -> float:
    """Return the processor time of the app and its processes so far, in seconds."""
    total = 0.0
    for process in list_tree(backend.process.pid):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += read_clock(process.pid) or times.user + times.system
            total += times.children_user + times.children_system
    return total


def read_clock(pid: int) -> float:
    """Return the processor time of a process to the nanosecond, 0 where that cannot be had."""
    if sys.platform != "linux":
        return 0.0
    try:
        return time.clock_gettime((~pid << 3) | 2)  # what clock_getcpuclockid(3) returns
    except OSError:
        return 0.0


@dataclass(frozen=True)
class Comparison:
    """How much longer one request takes than another.

    Attributes:
        time: The median of the second as a multiple of the first's, by the clock.
        work: The same by processor time.
    """

    time: float
    work: float


class PairedCosts:
    """Two requests, measured in turn as often as it takes to tell their difference."""

    def __init__(self, backend: Backend, first: Send, second: Send) -> None:
        self._backend = backend
        self._sends = (first, second)
        self._costs: tuple[list[Cost], list[Cost]] = ([], [])

    def compare(self, pairs: int) -> Comparison:
        """Send so many pairs more, and compare the medians of all."""
        for _ in range(pairs):
            for send, costs in zip(self._sends, self._costs, strict=True):
                costs.append(measure(self._backend, send))
        return Comparison(
            divide_medians([[cost.answer.seconds for cost in costs] for costs in self._costs]),
            divide_medians([[cost.work for cost in costs] for costs in self._costs]),
        )


def divide_medians(values: list[list[float]]) -> float:
    """Return the median of the second list as a multiple of the first's."""
    first, second = (statistics.median(each) for each in values)
    return second / max(first, sys.float_info.min)
