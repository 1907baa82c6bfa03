"""Commands around a verdict: check, hint, run."""

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.panels import LEARNERS
from checker.console import make_console, say
from checker.errors import CourseError, ExitCode, UsageError
from checker.paths import CoursePaths

if TYPE_CHECKING:
    from checker.judge.results import Report
    from checker.judge.verdict import CheckOrder
    from checker.report.occasion import Occasion

Lesson = Annotated[int | None, typer.Argument(metavar="N", help="The lesson's number.")]
Folder = Annotated[Path | None, typer.Option("--dir", help="Check the app in this folder.")]
Solution = Annotated[bool, typer.Option("--solution", help="Check the course's own solution.")]
Only = Annotated[list[str] | None, typer.Option(help="A check or a task, may be repeated.")]
OtherFolder = Annotated[Path | None, typer.Option("--dir", help="Take the app in this folder.")]
Seed = Annotated[int | None, typer.Option(help="Repeat the random inputs of a report.")]
ShowAll = Annotated[bool, typer.Option("--all", help="Show every check, every failure in full.")]
ListOnly = Annotated[bool, typer.Option("--list", help="List the checks, run none.")]
Traced = Annotated[bool, typer.Option("--trace", help="Record the browser, for what fails.")]
Live = Annotated[bool, typer.Option("--live", help="Look at the app that deploy.py deployed.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the report as JSON.")]
JunitFile = Annotated[Path | None, typer.Option("--junit", help="Write it as JUnit XML.")]
HtmlFile = Annotated[Path | None, typer.Option("--html", help="Write it as an HTML page.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (check, hint, run):
        app.command(rich_help_panel=LEARNERS)(command)
    # What stands behind the command is the command's, --help too.
    passed_on = {
        "allow_extra_args": True,
        "allow_interspersed_args": False,
        "ignore_unknown_options": True,
    }
    app.command("exec", rich_help_panel=LEARNERS, context_settings=passed_on)(execute)


def check(  # noqa: PLR0913 - one argument for each option of the command
    *,
    lesson: Lesson = None,
    folder: Folder = None,
    solution: Solution = False,
    only: Only = None,
    seed: Seed = None,
    show_all: ShowAll = False,
    list_only: ListOnly = False,
    is_traced: Traced = False,
    is_live: Live = False,
    json_file: JsonFile = None,
    junit_file: JunitFile = None,
    html_file: HtmlFile = None,
) -> int:
    """Check your app, from lesson 1 to this one; without a number the one you are in.

    Example: ./course check 2 --only L2.3
    """
    from checker.judge.verdict import CheckOrder, list_planned

    order = CheckOrder(
        paths=CoursePaths.find(),
        lesson=lesson,
        folder=folder,
        is_solution=solution,
        only=tuple(only or ()),
        seed=seed,
        is_traced=is_traced,
    )
    console = make_console()
    if list_only:
        for info in list_planned(order):
            console.print(f"{info.task}  {info.id}  {info.title}")
        return ExitCode.PASSED
    from checker.report.files import write_files

    if is_live:
        report = look_live(order, show_all=show_all)
    else:
        report = run_and_tell(order, find_occasion(order), show_all=show_all)
    write_files(report, {"json": json_file, "junit": junit_file, "html": html_file})
    return report.exit_code


def look_live(order: "CheckOrder", *, show_all: bool) -> "Report":
    """Look at what was deployed by the settings of the workspace or folder, and print the report.

    Raises:
        CourseError: it cannot be looked at, or the lesson has nothing to deploy.
    """
    from checker.course.manifest import load_lessons
    from checker.judge.live import LESSON, check_live, find_target
    from checker.report.occasion import Occasion
    from checker.report.terminal import print_report

    if order.lesson not in {None, LESSON} or order.is_solution or order.only:
        raise UsageError(
            "--live looks at the deployed app of lesson 7, at all of it",
            "Run ./course check 7 --live; --dir names another app's folder.",
        )
    target = find_target((order.folder or order.paths.workspace).absolute())
    occasion = Occasion(load_lessons(order.paths), order.folder, is_live=True)
    report = check_live(target)
    print_report(report, occasion, make_console(), show_all=show_all)
    return report


def show_first_check(paths: CoursePaths, lesson: int) -> None:
    """Run the checks that a lesson adds, with those that they need, and print the report.

    What it says to do next is the whole check: from the pages on, that takes a while.
    """
    from checker.course.manifest import find_lesson, load_lessons
    from checker.judge.verdict import CheckOrder

    whole = CheckOrder(paths=paths, lesson=lesson)
    tasks = tuple(task.id for task in find_lesson(load_lessons(paths), lesson).tasks)
    run_and_tell(replace(whole, only=tasks), find_occasion(whole))


def run_and_tell(order: "CheckOrder", occasion: "Occasion", *, show_all: bool = False) -> "Report":
    """Run checks and print the report; what it says of the workspace goes to the room's board too.

    Args:
        order: What is run.
        occasion: What the report names the next step by.
        show_all: Show every check and every failure.
    """
    from checker.board.member import JOIN, UNKNOWN, tell_board, was_forgotten
    from checker.judge.verdict import run_order
    from checker.probes.strain import watch_strain
    from checker.report.terminal import print_report

    with watch_strain() as strain:
        report = run_order(order, make_console(stderr=True))
    print_report(report, occasion, make_console(), show_all=show_all)
    is_workspace = not (order.folder or order.is_solution)
    for remark in (
        describe_strain(report, strain.worst),
        describe_torn_files(order.paths) if is_workspace else "",
        f"{UNKNOWN}. {JOIN}" if is_workspace and was_forgotten(order.paths) else "",
    ):
        if remark:
            say(remark)
    if is_workspace:
        tell_board(order.paths, report)
    return report


def describe_strain(report: "Report", slowdown: float) -> str:
    """Say that failures may come from the machine; empty when they do not."""
    from checker.judge.results import Outcome
    from checker.probes.strain import MOST_SLOWDOWN

    if slowdown < MOST_SLOWDOWN or not report.select(Outcome.FAILED):
        return ""
    return (
        f"While this ran, the machine was {slowdown:.0f} times slower than when it is idle: what "
        "came too late may pass then. End what keeps it busy, and check again."
    )


def describe_torn_files(paths: CoursePaths) -> str:
    """Say that the verdict may be one on halves of files; empty when there are none."""
    from checker.workspace.describe import describe_torn
    from checker.workspace.repository import open_workspace
    from checker.workspace.status import list_torn

    with contextlib.suppress(CourseError):  # a workspace that is no repository is told elsewhere
        if torn := list_torn(open_workspace(paths.workspace)):
            return describe_torn(torn)
    return ""


def find_occasion(order: "CheckOrder") -> "Occasion":
    """Return what the report has to know about the order, to name the next step."""
    from checker.course.manifest import load_lessons
    from checker.judge.verdict import find_current_lesson
    from checker.report.occasion import Occasion

    current = 0
    if not (order.folder or order.is_solution):
        with contextlib.suppress(
            CourseError
        ):  # a workspace that is no repository is told elsewhere
            current = find_current_lesson(order.paths)
    return Occasion(
        load_lessons(order.paths),
        order.folder,
        is_solution=order.is_solution,
        only=order.only,
        current=current,
    )


def hint(
    task: Annotated[str, typer.Argument(metavar="ID", help="A task, such as L1.3.")],
    level: Annotated[
        int, typer.Option(min=1, max=3, help="1 nudges, 2 points the way, 3 is near to code.")
    ] = 1,
) -> int:
    """Show a hint for a task: a nudge first, more when you ask for more.

    Example: ./course hint L1.3 --level 2
    """
    from checker.course.manifest import find_task, load_lessons
    from checker.report.lines import LinePrinter

    found = find_task(load_lessons(CoursePaths.find()), task)
    lines = LinePrinter(make_console())
    lines.print(f"{found.id} {found.title}, hint {level} of {len(found.hints)}", "bold")
    for line in ("", *found.hints[level - 1].strip("\n").splitlines()):
        lines.print(text=line, indent=line[: len(line) - len(line.lstrip())])
    if level < len(found.hints):
        lines.print()
        lines.print_command("More: ", "bold", f"./course hint {found.id} --level {level + 1}")
    return ExitCode.PASSED


def run(
    folder: OtherFolder = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it listens.")] = 8000,
) -> int:
    """Run your app at http://localhost:8000 until you press Ctrl-C.

    It starts again whenever you save a Python file, and reads backend/.env when it starts.

    Example: ./course run
    """
    from checker.probes.serving import serve_until_stopped

    paths = CoursePaths.find()
    return serve_until_stopped(find_backend(paths, folder), port, paths, make_console())


def execute(context: typer.Context, folder: OtherFolder = None) -> int:
    """Run a command in your backend/, with your app's packages and a database of your own.

    Example: ./course exec alembic upgrade head
    """
    from checker.probes.serving import execute

    if not context.args:
        raise UsageError("no command was given", "For example: ./course exec alembic current")
    paths = CoursePaths.find()
    return execute(context.args, find_backend(paths, folder), paths, make_console(stderr=True))


def find_backend(paths: CoursePaths, folder: Path | None) -> Path:
    """Return the backend/ of the workspace, or of the folder that was named."""
    backend = (folder or paths.workspace).absolute() / "backend"
    if not backend.is_dir():
        raise UsageError(
            f"there is no folder {backend}",
            "Run ./course start to get a workspace, or name another folder with --dir.",
        )
    return backend
