"""Make each run in a Docker container of its own."""

import csv
import hashlib
import io
import os
import subprocess
from pathlib import Path

import msgspec

from checker.grading.cell import CellOrder, Jail
from checker.grading.docker.image import find_docker
from checker.grading.runner import Runner, Work
from checker.grading.submissions import cut_suffix

LABEL = "course.grade"
MEMORY = "2g"
PLACE = "/handed-in"
# Root inside gives apps another user, and ends them; it may do nothing else that root may.
CAPABILITIES = ("SETUID", "SETGID", "KILL", "CHOWN", "DAC_OVERRIDE", "FOWNER")
OPTIONS = (
    *("--rm", "--interactive", "--network", "none", "--read-only"),
    *("--tmpfs", "/tmp:exec,mode=1777,size=1g", "--shm-size", "64m"),  # noqa: S108 - its own
    *("--cap-drop", "ALL", *(part for name in CAPABILITIES for part in ("--cap-add", name))),
    *("--security-opt", "no-new-privileges", "--pids-limit", "512"),
    *("--memory", MEMORY, "--memory-swap", MEMORY, "--ulimit", "core=0"),
)


class ContainerRunner(Runner):
    """Makes runs in containers, in which the judge lives with its submission.

    Args:
        temporary: Of the batch; containers that a grader left there when it was killed are ended.
        image: See `provide_image`.
    """

    def __init__(self, temporary: Path, image: str) -> None:
        super().__init__(temporary, jail=Jail.CONTAINER)
        self._image = image
        self._docker = find_docker()
        self._label = f"{LABEL}={hashlib.sha256(os.fsencode(temporary)).hexdigest()[:12]}"
        self._remove_all()

    def _make_order(self, work: Work, server: str) -> CellOrder:
        """Name what was handed in as the container sees it; nobody started the process there."""
        order = super()._make_order(work, server)
        return msgspec.structs.replace(order, path=os.fsencode(find_place(work)), parent=0)

    def _make_command(self, work: Work) -> list[str]:
        """Return the command that starts a container; its name tells which run it is."""
        return [
            *(self._docker, "run", *OPTIONS, "--label", self._label),
            *("--name", name_container(work)),
            *("--mount", describe_mount(work.path.absolute(), find_place(work))),
            self._image,
        ]

    def _end(self, work: Work, process: "subprocess.Popen[bytes]") -> None:
        """End the container too: it does not end with the one who asked for it."""
        super()._end(work, process)
        self._remove([name_container(work)])

    def _stop(self) -> None:
        """End what still runs."""
        super()._stop()
        self._remove_all()

    def _remove_all(self) -> None:
        """Remove every container of this batch."""
        asked = [self._docker, "ps", "--all", "--quiet", "--filter", f"label={self._label}"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        self._remove(done.stdout.split())

    def _remove(self, names: list[str]) -> None:
        """Remove containers; one that has gone by itself is fine."""
        if names:
            command = [self._docker, "rm", "--force", *names]
            subprocess.run(command, capture_output=True, check=False)


def find_place(work: Work) -> str:
    """Return the path of what was handed in, inside; its end tells how it is packed."""
    return PLACE + work.path.name.removeprefix(cut_suffix(work.path))


def describe_mount(source: Path, target: str) -> str:
    """Return the value of `--mount`: a line of CSV, so that no name can add a field to it."""
    line = io.StringIO()
    fields = ("type=bind", f"source={source}", f"target={target}", "readonly")
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()


def name_container(work: Work) -> str:
    """Return the name of a run's container."""
    return f"course-grade-{work.key.id}-{work.attempt}"
