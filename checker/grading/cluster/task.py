"""What a worker does for the grader: one run, in a jail of this machine."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import msgspec
from distributed import WorkerPlugin, get_worker

from checker.grading.allowed import mark_version
from checker.grading.batch import find_version
from checker.grading.cluster.parcel import Parcel, refuse, unpack
from checker.grading.results import RunResult
from checker.grading.runner import Runner
from checker.paths import CoursePaths
from checker.probes.guest.removal import remove_tree

PLUGIN = "course-grader"


class Grader(WorkerPlugin):
    """Makes the runs that are sent to this worker.

    Args:
        paths: The folders of this clone of the course.
        temporary: Where the runs put what they need for a moment.
        allowed: Packages that submissions may have as well.
        runner: Makes runs on this machine.
    """

    name = PLUGIN

    def __init__(self, paths: CoursePaths, temporary: Path, allowed: str, runner: Runner) -> None:
        self._version = mark_version(find_version(paths), allowed)
        self._temporary = temporary
        self._runner = runner

    def make_run(self, parcel: Parcel) -> RunResult:
        """Make a run; a course of another version would give other verdicts."""
        if parcel.key.checker != self._version:
            return refuse(parcel, f"a worker has another course or --allow list: {self._version}")
        place = Path(tempfile.mkdtemp(prefix="sent-", dir=self._temporary))
        with ExitStack() as stack:
            stack.callback(remove_tree, place)
            return self._runner.run(unpack(parcel, place))


def make_run(parcel: bytes) -> bytes:
    """Make a run on the worker that this is called on."""
    grader = cast("Grader", get_worker().plugins[PLUGIN])
    return msgspec.msgpack.encode(grader.make_run(msgspec.msgpack.decode(parcel, type=Parcel)))
