"""Have the runs of a batch made by the workers of a Dask cluster."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from checker.errors import ProbeError
from checker.grading.cluster.parcel import Parcel, UnpackableError, pack, refuse
from checker.grading.results import RunResult
from checker.grading.runner import Runner, Work
from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra
from checker.probes.submission import SubmissionError

LONGEST_CONNECT = 30  # seconds
LONGEST_WAIT = 120  # seconds for the first worker


def install_cluster(paths: CoursePaths) -> None:
    """Install Dask unless it is there, and let it be quiet.

    Raises:
        ProbeError: it cannot be installed.
    """
    install_extra(Extra("cluster", "what spreads the work", ("distributed",)), paths)
    import distributed  # noqa: F401 - it sets the levels when it is imported

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # the rest is told by us


@contextmanager
def connect(address: str, here: Runner) -> Iterator["ClusterRunner"]:
    """Yield what makes runs on the cluster of a scheduler, as soon as it has a worker.

    Args:
        address: Of the scheduler, like `tls://grader:8786`.
        here: Makes the runs that are not worth sending: they will be refused.

    Raises:
        ProbeError: there is no scheduler, or no worker joins it.
    """
    from distributed import Client

    join: Any = Client  # of its functions, only some say what they take
    try:
        client = join(address, timeout=LONGEST_CONNECT, set_as_default=False)
    except (OSError, ValueError, RuntimeError, TypeError) as error:  # the last: TLS is not set up
        raise ProbeError(
            f"no scheduler answers at {address}: {error}",
            "Start one: .venv/bin/dask scheduler. docs/grade/cluster.md says how to use TLS.",
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=LONGEST_WAIT)
        except TimeoutError as error:
            raise ProbeError(
                f"no worker joins the scheduler at {address}",
                f"On every machine that is to grade: ./course worker {address}",
            ) from error
        yield ClusterRunner(client, here)


class ClusterRunner(Runner):
    """Makes runs on other machines, or, what is the same, in other processes of this one.

    Args:
        client: Of Dask.
        here: Makes the runs that are not worth sending.
    """

    def __init__(self, client: Any, here: Runner) -> None:
        self._client = client
        self._here = here

    def run(self, work: Work) -> RunResult:
        """Have one run made; when its worker is lost, Dask has it made again elsewhere."""
        from distributed import CancelledError, KilledWorker

        try:
            parcel = pack(work)
        except (UnpackableError, SubmissionError, OSError):
            return self._here.run(work)
        try:
            return msgspec.msgpack.decode(self._send(parcel).result(), type=RunResult)
        except KilledWorker:
            return refuse(parcel, "the workers that tried it were lost, one after the other")
        except CancelledError:
            return refuse(parcel, "the scheduler was lost")
        except Exception as error:  # noqa: BLE001 - whatever a worker lacks, the batch goes on
            return refuse(parcel, f"a worker could not make the run: {error!r}")

    def _send(self, parcel: Parcel) -> Any:
        """Send a run."""
        from checker.grading.cluster.task import make_run

        key = f"{parcel.key.id}-{parcel.attempt}"
        with warnings.catch_warnings():  # one megabyte is large to Dask
            warnings.simplefilter("ignore")
            return self._client.submit(make_run, msgspec.msgpack.encode(parcel), key=key)

    def _stop(self) -> None:
        """Take back what was sent."""
        self._client.cancel(list(self._client.futures))
