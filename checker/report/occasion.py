"""Say what led to a report and what to do after it."""

from dataclasses import dataclass, replace
from pathlib import Path

from checker import shell
from checker.course.manifest import Lesson
from checker.judge.results import CheckResult, Outcome, Report


@dataclass(frozen=True)
class Occasion:
    """Why the checks were run.

    Attributes:
        lessons: Every lesson of the course.
        folder: The app that was named instead of the workspace.
        is_solution: The course's own solution was checked.
        only: The checks and tasks that were chosen.
        current: The lesson that the workspace is in; 0 when another app was checked.
        is_live: What was deployed was looked at.
    """

    lessons: tuple[Lesson, ...]
    folder: Path | None = None
    is_solution: bool = False
    only: tuple[str, ...] = ()
    current: int = 0
    is_live: bool = False

    def find_command(self, lesson: int) -> str:
        """Return the command that runs the same checks again."""
        parts = ["./course", "check", str(lesson)]
        if self.is_solution:
            parts.append("--solution")
        elif self.folder:
            parts += ["--dir", str(self.folder)]
        for name in self.only:
            parts += ["--only", name]
        if self.is_live:
            parts.append("--live")
        return shell.join(parts)

    def find_title(self, task: str) -> str:
        """Return the title of a task, empty when the course has no such task."""
        titles = {t.id: t.title for lesson in self.lessons for t in lesson.tasks}
        return titles.get(task, "")


def advise(report: Report, occasion: Occasion) -> tuple[str, ...]:
    """Return the one next step after a report, a line each; none when nothing is left to do."""
    again = occasion.find_command(report.lesson)
    failed = report.select(Outcome.FAILED)
    if failed and occasion.current > report.lesson:
        place = f"your workspace is in lesson {occasion.current}, and its app may need more than "
        why = f"lesson {report.lesson} gives it. Check both:"
        return place + why, f"./course check {occasion.current}"
    if is_for_later(report.lesson, failed, occasion):
        where, command = advise_next_task(report.lesson, occasion)
        return f"what failed belongs to a later task, so {where}", command
    if failed:
        return advise_mending(failed[0]), again
    if errors := report.select(Outcome.ERROR):
        found = errors[0].finding
        return (found.next_step if found else "Run the same checks again."), again
    return advise_going_on(report.lesson, occasion)


def is_for_later(number: int, failed: tuple[CheckResult, ...], occasion: Occasion) -> bool:
    """Tell whether nothing failed but what comes after the chosen tasks: some checks need it."""
    tasks = [task.id for task in occasion.lessons[number - 1].tasks]
    chosen = [tasks.index(name) for name in occasion.only if name in tasks]
    failed_at = [tasks.index(check.task) if check.task in tasks else -1 for check in failed]
    return bool(chosen and failed) and min(failed_at) > max(chosen)


def advise_mending(failed: CheckResult) -> str:
    """Name the check to begin with, and where help is: no hint helps a check that only guards."""
    help_with = f" (./course hint {failed.task} helps)" if failed.points else ""
    return f"mend {failed.id}{help_with}, then run"


def advise_going_on(number: int, occasion: Occasion) -> tuple[str, ...]:
    """Name the command that leads on from checks that all passed."""
    if occasion.only:
        return advise_next_task(number, occasion)
    if occasion.is_live:
        return ("open the page that deploy.py named. Your app is on the web.",)
    if occasion.folder or occasion.is_solution:
        return ()
    if occasion.current > number:
        return ("go on in your lesson:", f"./course check {occasion.current}")
    if number < len(occasion.lessons):
        lesson = occasion.lessons[number]
        return (f"go on to lesson {lesson.number}, {lesson.title}:", f"./course start {number + 1}")
    return ("nothing. This was the last lesson, and your app does all of it.",)


def advise_next_task(number: int, occasion: Occasion) -> tuple[str, ...]:
    """Name the task after the last of those that were chosen, else the checks of them all."""
    tasks = occasion.lessons[number - 1].tasks
    done = [at for at, task in enumerate(tasks, 1) if task.id in occasion.only]
    if not done or done[-1] == len(tasks):
        again = replace(occasion, only=())
        return ("run the other checks too:", again.find_command(number))
    task = tasks[done[-1]]
    again = replace(occasion, only=(task.id,))
    return (f"go on with {task.id}, {task.title}:", again.find_command(number))
