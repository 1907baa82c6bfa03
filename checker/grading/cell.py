"""Judge one submission in a process of its own, and in a cell of its own.

Started as `python -P -m checker.grading.cell`: an order comes in as JSON, a verdict goes out. When
the process that started it ends, however that comes about, this one ends with all that it began.
"""

import os
import signal
import sys
import tempfile
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import msgspec

from checker.errors import CourseError
from checker.grading.limited import limited
from checker.grading.refusal import Limits, Refusal
from checker.grading.results import Status
from checker.judge.results import Outcome, Report
from checker.paths import CoursePaths
from checker.probes.launch import OpenQuarters, Quarters
from checker.probes.strain import watch_strain

LONGEST_CHECKS = 1500.0  # seconds: other submissions are graded beside this one
LONGEST_WITH_PAGES = 2400.0  # seconds: builds and a browser take longer than answers


class Jail(StrEnum):
    """Where the apps of submissions live.

    `container` stands for the one that we are in, made for one submission alone, as `docker` makes
    them; `none` is only what the grader has asked for by its long name.
    """

    BUBBLEWRAP = "bubblewrap"
    DOCKER = "docker"
    CONTAINER = "container"
    NONE = "none"


class CellOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What to judge.

    Attributes:
        name: What the reports call it.
        path: What was handed in, as the file system has it: its name need not be UTF-8.
        parent: The process to end with.
        jail: Where its apps live.
        python: Of an environment with more packages than the course's; empty for that one.
        server: The name of the embedded PostgreSQL; empty for the course's own.
    """

    name: str
    path: bytes
    lesson: int
    seed: int
    parent: int
    jail: Jail = Jail.BUBBLEWRAP
    python: str = ""
    server: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out, and how slow the machine was meanwhile."""

    status: Status
    reason: str = ""
    report: Report | None = None
    slowdown: float = 1.0


def main() -> None:
    """Read the order, judge, write the verdict; nothing else gets to the output."""
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)
        order = msgspec.json.decode(sys.stdin.buffer.read(), type=CellOrder)
        output.write(msgspec.json.encode(judge(order)))


def judge(order: CellOrder) -> Verdict:
    """Bring a submission and check it; whatever goes wrong on our side is an error."""
    os.umask(0o022)  # another user is to read the copy
    try:
        follow(order.parent)
        if order.jail is Jail.BUBBLEWRAP:
            from checker.probes.jail.namespaces import enter_cell

            enter_cell()
        return check(order)
    except Refusal as refusal:
        return Verdict(status=Status.REFUSED, reason=refusal.reason)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not end the batch
        return blame_us(error)


def blame_us(error: Exception) -> Verdict:
    """Return the verdict of a run that stumbled over something of ours, or of the machine."""
    if isinstance(error, CourseError):
        return Verdict(status=Status.ERROR, reason=f"{error.problem} {error.next_step}")
    return Verdict(status=Status.ERROR, reason=f"{type(error).__name__}: {error}")


def follow(parent: int) -> None:
    """End when the process that started us ends, also when it is killed (Linux)."""
    if sys.platform != "linux":
        return
    from checker.probes.guest.system import die_with_parent

    die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(0)


def check(order: CellOrder) -> Verdict:
    """Check a submission.

    Raises:
        Refusal: it cannot be taken.
    """
    from checker.grading.submissions import bring
    from checker.judge.run import RunRequest, run_checks
    from checker.probes.guest.removal import remove_tree

    paths = CoursePaths.find()
    paths = replace(paths, server=order.server or paths.server)
    place = Path(tempfile.mkdtemp(prefix="handed-in-"))
    try:
        with limited():
            app = bring(Path(os.fsdecode(order.path)), place / "files", Limits())
        request = RunRequest(
            paths=paths,
            app=app,
            lesson=order.lesson,
            seed=order.seed,
            longest=choose_longest(order.lesson),
            quarters=choose_quarters(order, paths),
        )
        with watch_strain() as strain:
            report = run_checks(request)
        return decide(msgspec.structs.replace(report, app=order.name), strain.worst)
    finally:
        remove_tree(place)


def choose_longest(lesson: int) -> float:
    """Return what the judge is told that answers may take, in seconds.

    It allows itself many times as much where there are pages, and has to give up on an app before
    the runner gives up on it: only the judge can tell that it is the app's fault.
    """
    from checker.judge.plan import allow_time, plan_checks

    return min(LONGEST_CHECKS, LONGEST_WITH_PAGES / allow_time(plan_checks(lesson), 1.0))


def choose_quarters(order: CellOrder, paths: CoursePaths) -> Quarters:
    """Return where the apps live."""
    python = Path(order.python) if order.python else None
    if order.jail is Jail.NONE:
        return OpenQuarters()
    if order.jail is Jail.CONTAINER:
        from checker.probes.jail.container import ContainerQuarters

        return ContainerQuarters(paths, python)
    from checker.probes.jail.quarters import JailedQuarters

    return JailedQuarters(paths, order.lesson, python)


def decide(report: Report, slowdown: float) -> Verdict:
    """Return a verdict: a run in which something could not be checked says nothing."""
    errors = report.select(Outcome.ERROR)
    if not errors:
        return Verdict(status=Status.GRADED, report=report, slowdown=slowdown)
    first = errors[0]
    reason = f"{first.id}: {first.finding.got if first.finding else 'it did not run'}"
    return Verdict(status=Status.ERROR, reason=reason, report=report, slowdown=slowdown)


if __name__ == "__main__":
    main()
