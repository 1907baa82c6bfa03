"""Observe how an app spends time, in ways that a busy machine does not upset."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from checker.probes.backend import Backend
from checker.probes.http import Exchange
from checker.probes.tree import list_tree

BEGUN = 0.02  # seconds of processor time after which the work has surely begun


@dataclass(frozen=True)
class Overlap:
    """A slow request and a quick one that was sent while the slow one was being worked on.

    Attributes:
        slow: The answer to the slow request.
        cpu_seconds: Processor time that the app spent on it.
        is_quick_first: Whether the quick answer came well before the slow one.
    """

    slow: Exchange
    cpu_seconds: float
    is_quick_first: bool


def observe_overlap(
    backend: Backend, send_slow: Callable[[], Exchange], send_quick: Callable[[], Exchange]
) -> Overlap:
    """Send a slow request, wait until the app works on it, then send a quick one.

    No clock decides: the quick answer is first when it came before half of the rest of the slow
    request had gone by, in the same run on the same machine.
    """
    before = read_cpu_seconds(backend)
    slow: list[tuple[Exchange, float]] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            slow.append((send_slow(), time.perf_counter()))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and read_cpu_seconds(backend) - before < BEGUN:
        time.sleep(0.002)
    sent = time.perf_counter()
    try:
        send_quick()
    finally:
        answered = time.perf_counter()
        thread.join()
    if errors:
        raise errors[0]
    exchange, ended = slow[0]
    is_first = answered - sent < (ended - sent) / 2
    return Overlap(exchange, read_cpu_seconds(backend) - before, is_first)


def read_cpu_seconds(backend: Backend) -> float:
    """Return the processor time of the app and its children so far."""
    total = 0.0
    for process in list_tree(backend.process.pid):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def compare_durations(
    first: Callable[[], Exchange], second: Callable[[], Exchange], pairs: int
) -> float:
    """Return the median duration of the second as a multiple of the first's, taken in turn."""
    durations = [(first().seconds, second().seconds) for _ in range(pairs)]
    return statistics.median(b for _, b in durations) / statistics.median(a for a, _ in durations)
