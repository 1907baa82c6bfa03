"""The command of the graders: grade."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from checker.cli.panels import GRADERS
from checker.console import make_console
from checker.errors import ExitCode, UsageError
from checker.paths import CoursePaths

if TYPE_CHECKING:
    from rich.status import Status

    from checker.grading.grade import GradeOrder
    from checker.grading.marks import Deadline
    from checker.grading.results import RunResult

CORES = os.cpu_count() or 1
SENT = 64  # to a cluster: what waits there for its turn costs little
Submissions = Annotated[
    Path,
    typer.Argument(help="A folder of folders, archives or git bundles, or a CSV of git addresses."),
]
LessonName = Annotated[str, typer.Option("--lesson", metavar="N|all", help="Up to which lesson.")]
Out = Annotated[Path, typer.Option(help="Keep results and reports here; go on where it stopped.")]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, show_default="one a core", help="How many submissions at a time."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Grade so many now, the rest later.")]
OnlyNames = Annotated[list[str] | None, typer.Option("--only", help="A name, with * and ?.")]
Retry = Annotated[bool, typer.Option("--retry-errors", help="Try again what was an error.")]
Regrade = Annotated[bool, typer.Option("--regrade", help="Grade all of them anew.")]
Roster = Annotated[Path | None, typer.Option(help="A CSV file that says who handed in what.")]
Due = Annotated[str | None, typer.Option("--deadline", help="Like 2026-12-01T23:59:00+01:00.")]
Penalty = Annotated[float, typer.Option(min=0, max=100, help="Per cent a day that is late.")]
Anonymous = Annotated[bool, typer.Option("--anonymous", help="Name nobody in the reports.")]
BatchSeed = Annotated[int | None, typer.Option("--seed", help="Settles all random inputs.")]
Replay = Annotated[str | None, typer.Option(metavar="ID", help="Make one run again, and show it.")]
Allow = Annotated[
    Path | None, typer.Option(help="A file with more packages that may be used, name==version.")
]
Cluster = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Let the workers of this Dask scheduler do it.")
]
JailName = Annotated[
    Literal["bubblewrap", "docker", "container"],
    typer.Option(help="What keeps submissions apart; container: the one that this runs in."),
]
Unjailed = Annotated[
    bool,
    typer.Option(
        "--no-jail-whoever-handed-in-can-do-anything-here",
        help="Run submissions as yourself, with your files and your network.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel=GRADERS)(grade)


def grade(  # noqa: PLR0913 - one argument for each option of the command
    submissions: Submissions,
    *,
    lesson: LessonName,
    out: Out,
    jobs: Jobs = None,
    limit: Limit = None,
    only: OnlyNames = None,
    retry_errors: Retry = False,
    regrade: Regrade = False,
    roster: Roster = None,
    deadline: Due = None,
    late_penalty: Penalty = 10.0,
    anonymous: Anonymous = False,
    seed: BatchSeed = None,
    replay: Replay = None,
    allow: Allow = None,
    cluster: Cluster = "",
    jail: JailName = "bubblewrap",
    unjailed: Unjailed = False,
) -> int:
    """Grade a folder of submissions, each in a jail of its own; start again to go on.

    The exit code is 0 when everybody has a mark, 1 when some are still to be graded, 2 when some
    could not be graded.

    Example: ./course grade submissions --lesson 3 --out graded --roster roster.csv
    """
    from checker.grading.allowed import read_allowed
    from checker.grading.cell import Jail
    from checker.grading.grade import GradeOrder
    from checker.grading.roster import read_roster

    order = GradeOrder(
        paths=CoursePaths.find(),
        submissions=submissions,
        lesson=choose_lesson(lesson),
        out=out,
        jobs=jobs or (SENT if cluster else CORES),
        limit=limit,
        only=tuple(only or ()),
        is_retried=retry_errors,
        is_regraded=regrade,
        seed=seed,
        people=read_roster(roster) if roster else {},
        deadline=choose_deadline(deadline, late_penalty),
        is_anonymous=anonymous,
        jail=Jail.NONE if unjailed else Jail(jail),
        cluster=cluster,
        allowed=read_allowed(allow) if allow else "",
    )
    check_jail(order)
    return show_replay(order, replay) if replay else run(order)


def check_jail(order: "GradeOrder") -> None:
    """Refuse to begin without a jail, unless it was said.

    Raises:
        ProbeError: there is none here.
        UsageError: what was asked for does not go together.
    """
    from checker.grading.cell import Jail
    from checker.probes.jail.bubblewrap import find_bubblewrap

    if order.cluster and order.jail is not Jail.BUBBLEWRAP:
        raise UsageError("workers grade in jails of bubblewrap only", "Leave out --cluster.")
    if order.jail in {Jail.CONTAINER, Jail.DOCKER} and order.lesson > LAST_IN_A_CONTAINER:
        raise UsageError(
            f"in a container, lessons 1 to {LAST_IN_A_CONTAINER} can be graded",
            "Lessons with pages need --jail bubblewrap.",
        )
    if order.jail is Jail.DOCKER and order.allowed:
        raise UsageError("images have the course's packages only", "Leave out --allow.")
    if order.jail is Jail.BUBBLEWRAP and not order.cluster:
        find_bubblewrap()
    if order.cluster:
        warn_of(order.cluster)


def warn_of(address: str) -> None:
    """Say what an address of a scheduler lets others do.

    Raises:
        UsageError: it is none.
    """
    from checker.grading.cluster.address import check_address

    if warning := check_address(address):
        make_console(stderr=True).print(f"warning: {warning}")


def choose_lesson(name: str) -> int:
    """Return the number of a lesson; `all` is the last one that can be graded.

    Raises:
        UsageError: there is no such lesson, or its checks build images: no jail lets them.
    """
    from checker.course.manifest import find_lesson, load_lessons

    lessons = load_lessons(CoursePaths.find())
    if name == "all":
        return LAST_IN_A_JAIL
    if not name.isdecimal():
        raise UsageError(f"there is no lesson {name}", "Give a number, or the word all.")
    number = find_lesson(lessons, int(name)).number
    if number > LAST_IN_A_JAIL:
        raise UsageError(
            f"lesson {number} cannot be graded: it builds images, which no jail lets it do",
            f"Look at one app that you trust with ./course check {number} --dir FOLDER.",
        )
    return number


LAST_IN_A_JAIL = 5
LAST_IN_A_CONTAINER = 3  # a frontend is built and served by programs of a jail only


def choose_deadline(text: str | None, percent: float) -> "Deadline":
    """Return when submissions are due.

    Raises:
        UsageError: it is no moment.
    """
    from checker.grading.marks import Deadline
    from checker.grading.roster import read_time

    return Deadline(read_time(text, "--deadline") if text else None, percent)


def run(order: "GradeOrder") -> int:
    """Grade, show how far it is, then the table."""
    from checker.grading.grade import grade
    from checker.grading.reports.table import print_summary

    with make_console(stderr=True).status("Reading the submissions ...") as status:
        graded = grade(order, Progress(status))
    print_summary(graded, order.out, make_console())
    standings = {mark.standing.value for mark in graded.marks}
    if "error" in standings:
        return ExitCode.COULD_NOT_RUN
    return ExitCode.FAILED if "pending" in standings else ExitCode.PASSED


class Progress:
    """Says how far it is, and how long it will take.

    Args:
        status: The line that changes.
    """

    def __init__(self, status: "Status") -> None:
        self._status = status
        self._started = time.monotonic()

    def __call__(self, result: "RunResult", done: int, total: int) -> None:
        """Show that one more is done."""
        left = (time.monotonic() - self._started) / done * (total - done)
        rest = f"{left / 60:.0f} min" if left > 90 else f"{left:.0f} s"  # noqa: PLR2004 - seconds
        self._status.update(f"{done} of {total} graded, the last one {result.status}, {rest} left")


def show_replay(order: "GradeOrder", name: str) -> int:
    """Make a run again, and show what it finds as `course check` does."""
    from checker.course.manifest import load_lessons
    from checker.grading.grade import replay
    from checker.report.occasion import Occasion
    from checker.report.terminal import print_report

    result = replay(order, name)
    console = make_console()
    if result.reason:
        console.print(f"{result.status}: {result.reason}")
    if result.report is None:
        return ExitCode.FAILED if result.status == "refused" else ExitCode.COULD_NOT_RUN
    lessons = load_lessons(order.paths)
    print_report(result.report, Occasion(lessons, order.submissions), console)
    return result.report.exit_code
