"""Offer this machine to the grader, as a worker of a Dask cluster."""

import asyncio
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checker.errors import ProbeError
from checker.grading.cell import Jail
from checker.grading.cluster.client import LONGEST_CONNECT, install_cluster
from checker.grading.grade import find_databases, prepare
from checker.grading.runner import Runner
from checker.interrupts import sigterm_as_interrupt
from checker.paths import CoursePaths
from checker.probes.guest.removal import remove_tree


@dataclass(frozen=True)
class Offer:
    """What a machine does for the grader.

    Attributes:
        address: Of the scheduler.
        lesson: Up to which lesson it can grade.
        jobs: How many submissions at a time.
        allowed: Packages that submissions may have as well, as the grader has them.
    """

    paths: CoursePaths
    address: str
    lesson: int
    jobs: int
    allowed: str = ""


def work(offer: Offer) -> None:
    """Make runs until the scheduler ends.

    Raises:
        ProbeError: there is no scheduler.
        CourseError: the machine lacks what runs need.
    """
    install_cluster(offer.paths)
    from checker.grading.cluster.task import Grader

    with sigterm_as_interrupt(), ExitStack() as stack:
        python = prepare(offer.paths, offer.lesson, offer.allowed)
        databases = find_databases(offer.paths, offer.lesson)
        temporary = Path(tempfile.mkdtemp(prefix="course-worker-"))
        stack.callback(remove_tree, temporary)
        runner = Runner(temporary, jail=Jail.BUBBLEWRAP, python=python, databases=databases)
        asyncio.run(serve(offer, Grader(offer.paths, temporary, offer.allowed, runner), temporary))


async def serve(offer: Offer, grader: object, temporary: Path) -> None:
    """Join the scheduler, and stay as long as it does.

    The memory of runs is that of other processes, with limits of their own: Dask's would only
    count this one's.

    Raises:
        ProbeError: there is no scheduler.
    """
    from distributed import Worker

    join: Any = Worker  # of its functions, only some say what they take
    worker = join(
        offer.address,
        nthreads=offer.jobs,
        plugins=[grader],
        local_directory=f"{temporary}",
        dashboard=False,
        memory_limit=0,
        death_timeout=LONGEST_CONNECT,
    )
    try:
        async with worker:
            await worker.finished()
    except (OSError, TimeoutError, ValueError, RuntimeError, TypeError) as error:
        raise ProbeError(
            f"no scheduler answers at {offer.address}: {error}",
            "Start one: .venv/bin/dask scheduler. docs/grade/cluster.md says how to use TLS.",
        ) from error
