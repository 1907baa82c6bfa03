"""From what a user asked for to a report: find the app and the lesson, run, show progress."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from checker.course.manifest import find_lesson, load_lessons
from checker.judge.results import CheckResult, Report
from checker.judge.run import RunRequest, run_checks
from checker.paths import CoursePaths

if TYPE_CHECKING:
    from checker.checks.declare import CheckInfo


@dataclass(frozen=True, kw_only=True)
class CheckOrder:
    """What a user asked to have checked.

    Attributes:
        lesson: None means the lesson that the workspace is in.
        folder: An app folder instead of the workspace.
        is_solution: Check the course's own solution instead.
        seed: None means a new one.
        is_traced: Record what the browser does.
    """

    paths: CoursePaths
    lesson: int | None = None
    folder: Path | None = None
    is_solution: bool = False
    only: tuple[str, ...] = ()
    seed: int | None = None
    is_traced: bool = False


def list_planned(order: CheckOrder) -> "tuple[CheckInfo, ...]":
    """Return the checks that the order would run."""
    from checker.judge.plan import plan_checks

    return plan_checks(choose_lesson(order), order.only)


def run_order(order: CheckOrder, progress: Console) -> Report:
    """Run the checks of an order.

    Args:
        order: What to check.
        progress: Shows a line that changes while checks run, when it is a terminal.

    Raises:
        UsageError: there is no such lesson, or no such folder.
    """
    lesson = choose_lesson(order)
    with progress.status(f"Checking lesson {lesson} …") as status:

        def tell(result: CheckResult) -> None:
            status.update(f"{result.task} {result.title}")

        request = RunRequest(
            paths=order.paths,
            app=choose_app(order, lesson),
            lesson=lesson,
            only=order.only,
            seed=secrets.randbelow(2**32) if order.seed is None else order.seed,
            listener=tell,
            is_traced=order.is_traced,
        )
        return run_checks(request)


def choose_lesson(order: CheckOrder) -> int:
    """Return the number that was asked for, else the workspace's, for other folders the last."""
    lessons = load_lessons(order.paths)
    if order.lesson is not None:
        return find_lesson(lessons, order.lesson).number
    if order.folder or order.is_solution:
        return lessons[-1].number
    current = find_current_lesson(order.paths)
    return current if 1 <= current <= len(lessons) else lessons[-1].number


def find_current_lesson(paths: CoursePaths) -> int:
    """Return the lesson that the workspace is in, 0 when it is in none.

    Raises:
        WorkspaceError: there is no workspace, or it cannot be read.
    """
    from checker.workspace.history import find_current
    from checker.workspace.repository import open_workspace

    return find_current(open_workspace(paths.workspace))


def choose_app(order: CheckOrder, lesson: int) -> Path:
    """Return the folder to check."""
    if order.is_solution:
        return order.paths.solutions / find_lesson(load_lessons(order.paths), lesson).slug
    return (order.folder or order.paths.workspace).absolute()
