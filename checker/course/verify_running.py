"""Find out by running the judge whether solutions pass, and starters do not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from checker.course.manifest import Lesson, load_lessons
from checker.judge.results import CheckResult, Outcome, Report
from checker.judge.run import RunRequest, run_checks
from checker.paths import CoursePaths
from checker.report.causes import group_waiting

# Any seed will do; a fixed one lets a problem be repeated with `course check --seed`.
SEED = 1


def verify_by_running(paths: CoursePaths, tell: Callable[[str], None]) -> list[str]:
    """Run the checks over every solution, every starter and an empty folder.

    Args:
        paths: Where the course is; solutions and starters must be built.
        tell: Is told what is being run.

    Returns:
        Every problem, a sentence each.
    """
    lessons = load_lessons(paths)
    problems: list[str] = []
    for lesson in lessons:
        tell(f"Running the solution of lesson {lesson.number} …")
        problems += judge_solution(paths, lesson)
        tell(f"Running the starter of lesson {lesson.number} …")
        problems += judge_starter(paths, lesson)
    tell("Running an empty folder …")
    return problems + list(judge_empty(paths, lessons[-1]))


def judge_solution(paths: CoursePaths, lesson: Lesson) -> Iterator[str]:
    """The solution passes the checks of its lesson and of those before it."""
    for result in run(paths, paths.solutions / lesson.slug, lesson).results:
        if result.outcome is not Outcome.PASSED:
            yield f"The solution of lesson {lesson.number}: {describe(result)}"


def judge_starter(paths: CoursePaths, lesson: Lesson) -> Iterator[str]:
    """The starter runs, earns nothing in its own lesson, and keeps what earlier ones built.

    What was built before may wait for the lesson's own work, as accounts do for their table.
    """
    report = run(paths, lesson.folder / "starter", lesson)
    excused = find_waiting_for(report, lesson)
    for result in report.results:
        is_own_work = result.lesson == lesson.number and result.points > 0
        has_passed = result.outcome is Outcome.PASSED
        if is_error(result) or (result.id not in excused and has_passed == is_own_work):
            yield f"The starter of lesson {lesson.number}: {describe(result)}"


def find_waiting_for(report: Report, lesson: Lesson) -> set[str]:
    """Return the ids of the checks of earlier lessons that wait for one of this lesson."""
    own = {result.id for result in report.results if result.lesson == lesson.number}
    groups = group_waiting(report).for_check.items()
    return {result.id for cause, waiting in groups if cause in own for result in waiting} - own


def judge_empty(paths: CoursePaths, lesson: Lesson) -> Iterator[str]:
    """Nothing passes no check."""
    with TemporaryDirectory(prefix="course-empty-") as folder:
        for result in run(paths, Path(folder), lesson).results:
            if result.outcome is Outcome.PASSED or is_error(result):
                yield f"An empty folder: {describe(result)}"


def run(paths: CoursePaths, app: Path, lesson: Lesson) -> Report:
    """Run the checks up to a lesson over an app."""
    return run_checks(RunRequest(paths=paths, app=app, lesson=lesson.number, seed=SEED))


def is_error(result: CheckResult) -> bool:
    """Tell whether a check could not be run."""
    return result.outcome is Outcome.ERROR


def describe(result: CheckResult) -> str:
    """Say how a check ended, and why."""
    why = f": {result.finding.got}" if result.finding and result.finding.got else ""
    return f"the check {result.id} {VERBS[result.outcome]}{why}."


VERBS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.SKIPPED: "was skipped",
    Outcome.ERROR: "could not be run",
}
