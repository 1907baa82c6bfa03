"""Grade a folder of submissions: what is not graded yet is, then the reports are written."""

import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import chain, islice
from pathlib import Path

from checker.doctor.finding import FRONTEND_LESSONS
from checker.errors import UsageError
from checker.grading.allowed import make_environment, mark_version
from checker.grading.batch import Batch, find_version, open_batch
from checker.grading.cell import Jail
from checker.grading.fetch import fetch_submissions
from checker.grading.marks import Deadline, Mark, make_anonymous, make_marks
from checker.grading.results import RunKey, RunResult, Status
from checker.grading.roster import Person
from checker.grading.runner import Runner, Work
from checker.grading.submissions import Submission, find_submissions, hash_submission
from checker.paths import CoursePaths

MOST_ATTEMPTS = 2  # an error is tried again once, then it is for the grader to look at
DATABASE_LESSON = 2  # an app of lesson 2 may have come as far as to need one

Listener = Callable[[RunResult, int, int], None]


@dataclass(frozen=True, kw_only=True)
class GradeOrder:
    """What a grader asked for.

    Attributes:
        submissions: The folder, or a CSV file with addresses of git repositories.
        lesson: The checks of lessons 1 to this one.
        out: The folder of the batch.
        jobs: How many submissions are graded at a time.
        limit: How many are graded now; the others at another time.
        only: Names, with `*` and `?`; empty for all.
        is_retried: Whether those that ended in an error are tried again.
        is_regraded: Whether all are graded anew.
        seed: For a new batch; None draws one.
        people: The roster.
        is_anonymous: Whether the reports name nobody.
        jail: Where the apps live.
        cluster: The address of a scheduler whose workers make the runs; empty for this machine.
        allowed: Packages with their versions, one a line, that submissions may have as well.
    """

    paths: CoursePaths
    submissions: Path
    lesson: int
    out: Path
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    limit: int | None = None
    only: tuple[str, ...] = ()
    is_retried: bool = False
    is_regraded: bool = False
    seed: int | None = None
    people: Mapping[str, Person] = field(default_factory=dict)
    deadline: Deadline = field(default_factory=Deadline)
    is_anonymous: bool = False
    jail: Jail = Jail.BUBBLEWRAP
    cluster: str = ""
    allowed: str = ""


@dataclass(frozen=True)
class Graded:
    """What a batch has come to.

    Attributes:
        marks: Everybody's.
        left: How many submissions are still to be graded.
    """

    marks: list[Mark]
    left: int


def grade(order: GradeOrder, listener: Listener) -> Graded:
    """Grade what is not graded yet, and write the reports.

    Args:
        order: What to grade.
        listener: Told every result, how many there are now, and how many there will be.

    Raises:
        UsageError: something that was named does not exist.
        CourseError: the batch cannot be worked on.
    """
    from checker.grading.reports.write import write_reports

    with open_batch(order.out, seed=order.seed, is_regraded=order.is_regraded) as batch:
        found = find_all(order.submissions, order.out)
        keys = find_keys(order, batch, found)
        if order.jail is Jail.CONTAINER and len(found) > 1:
            raise UsageError(
                f"a container is for one submission, and here are {len(found)}",
                "Start one for each of them, or take --jail bubblewrap.",
            )
        works = list(islice(list_works(order, batch, found, keys), order.limit))
        run_works(order, batch, works, listener)
        results = {name: batch.results.find(key) for name, key in keys.items()}
        marks = make_marks(results, order.people, order.deadline, find_max_score(order.lesson))
        if order.is_anonymous:
            marks = make_anonymous(marks, batch.facts.salt)
        write_reports(batch.folder, marks, order.lesson, order.paths)
        return Graded(marks, sum(result is None for result in results.values()))


def find_all(submissions: Path, out: Path) -> list[Submission]:
    """Return the submissions of a folder, or of the repositories that a CSV file names.

    Args:
        submissions: The folder or the file.
        out: Repositories are fetched into `fetched/` in it.

    Raises:
        UsageError: there are none.
    """
    if submissions.suffix.lower() != ".csv":
        return find_submissions(submissions)
    fetched = fetch_submissions(submissions, out / "fetched")
    return [Submission(name, path) for name, path in fetched.items()]


def find_keys(order: GradeOrder, batch: Batch, found: list[Submission]) -> dict[str, RunKey]:
    """Return the key of every submission's run."""
    version = mark_version(find_version(order.paths), order.allowed)
    return {
        submission.name: RunKey(
            submission=hash_submission(submission),
            lesson=order.lesson,
            checker=version,
            round=batch.facts.round,
        )
        for submission in found
    }


def list_works(
    order: GradeOrder, batch: Batch, found: list[Submission], keys: Mapping[str, RunKey]
) -> Iterator[Work]:
    """Yield the runs that are to be made; those who handed in the same share one.

    Raises:
        UsageError: no submission has a name that was asked for.
    """
    chosen = [s for s in found if not order.only or is_chosen(s.name, order.only)]
    if not chosen:
        raise UsageError(
            f"no submission is named {' or '.join(order.only)}", f"Look into {order.submissions}."
        )
    planned: set[RunKey] = set()
    for submission in chosen:
        key = keys[submission.name]
        attempt = count_attempts(batch.results.find(key)) + 1
        is_due = attempt <= MOST_ATTEMPTS or order.is_retried
        if attempt and is_due and key not in planned:
            planned.add(key)
            seed = key.draw_seed(batch.facts.seed)
            yield Work(submission.name, submission.path, key, seed, attempt)


def is_chosen(name: str, only: tuple[str, ...]) -> bool:
    """Tell whether a name was asked for."""
    return any(fnmatchcase(name, unicodedata.normalize("NFC", pattern)) for pattern in only)


def count_attempts(result: RunResult | None) -> int:
    """Return how often a run has failed to say anything; -1 when it has said something."""
    if result is None:
        return 0
    return result.attempt if result.status is Status.ERROR else -1


def run_works(order: GradeOrder, batch: Batch, works: list[Work], listener: Listener) -> None:
    """Make the runs, keep their results, and try again once, alone, where one was an error."""
    if not works:
        return
    again = [work for work in works if work.attempt > 1]
    done, total = 0, len(works)
    with ExitStack() as stack:
        runner = open_runner(order, batch, stack)
        firsts = runner.run_all((work for work in works if work.attempt == 1), order.jobs)
        for work, result in chain(firsts, runner.run_all(again, 1)):
            batch.results.add(result)
            if result.status is Status.ERROR and work.attempt < MOST_ATTEMPTS:
                again.append(repeat(work))
                total += 1
            done += 1
            listener(result, done, total)


def open_runner(order: GradeOrder, batch: Batch, stack: ExitStack) -> Runner:
    """Return what makes the runs, with all that they need.

    Raises:
        CourseError: it cannot be had here.
    """
    if order.cluster:
        from checker.grading.cluster.client import connect, install_cluster

        install_cluster(order.paths)
        here = Runner(batch.temporary, jail=Jail.BUBBLEWRAP)
        return stack.enter_context(connect(order.cluster, here))
    if order.jail is Jail.DOCKER:
        from checker.grading.docker.image import provide_image
        from checker.grading.docker.runner import ContainerRunner

        return ContainerRunner(batch.temporary, provide_image(order.paths))
    python = prepare(order.paths, order.lesson, order.allowed)
    databases = find_databases(order.paths, order.lesson)
    return Runner(batch.temporary, jail=order.jail, python=python, databases=databases)


def prepare(paths: CoursePaths, lesson: int, allowed: str) -> Path | None:
    """Install what the runs share: from a cell nothing can be fetched.

    Returns:
        The Python of the environment that has what is allowed; None for the course's own.

    Raises:
        CourseError: it cannot be had here.
    """
    if lesson in FRONTEND_LESSONS:
        from checker.probes.browser.driver import install_driver
        from checker.probes.jail.packages import install_course_packages
        from checker.probes.node.tools import find_node

        install_driver(paths)
        install_course_packages(paths, find_node())
    return make_environment(allowed, paths) if allowed else None


def find_databases(paths: CoursePaths, lesson: int) -> CoursePaths | None:
    """Return where the databases of runs are, None for a lesson whose apps have none."""
    return paths if lesson >= DATABASE_LESSON else None


def repeat(work: Work) -> Work:
    """Return the next attempt at a run."""
    return Work(work.name, work.path, work.key, work.seed, work.attempt + 1)


def find_max_score(lesson: int) -> int:
    """Return the points of all checks up to a lesson."""
    from checker.judge.plan import plan_checks

    return sum(info.points for info in plan_checks(lesson))


def replay(order: GradeOrder, name: str) -> RunResult:
    """Make a run again with the same random inputs, and keep nothing of it.

    Args:
        order: Whose batch it is in.
        name: The run's id.

    Raises:
        UsageError: there is no such run, or its submission is not there any more.
    """
    with open_batch(order.out, seed=order.seed, is_regraded=False) as batch, ExitStack() as stack:
        result = batch.results.find_by_id(name)
        if result is None:
            raise UsageError(
                f"there is no run {name} in {order.out}", "The ids stand in marks.csv."
            )
        found = find_all(order.submissions, order.out)
        submission = next((s for s in found if hash_submission(s) == result.key.submission), None)
        if submission is None:
            raise UsageError(
                f"{order.submissions} does not hold the submission of run {name}",
                "Name the folder that it was graded from.",
            )
        runner = open_runner(order, batch, stack)
        return runner.run(Work(submission.name, submission.path, result.key, result.seed))
