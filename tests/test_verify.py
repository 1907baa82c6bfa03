"""Tests of what `course verify` finds, each by a course with one thing wrong."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from small_course import edit, make_course

from checker.checks.declare import CheckInfo
from checker.course import verify_running
from checker.course.build import build
from checker.course.verify import verify
from checker.course.verify_running import verify_by_running
from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.judge.run import RunRequest
from checker.paths import CoursePaths


def make_check(name: str, task: str, points: int = 1) -> CheckInfo:
    return CheckInfo(name, "A title.", task, int(task[1]), points, (), ())


CHECKS = (
    make_check("starts", "L1.1", points=0),
    make_check("greets", "L1.1"),
    make_check("has_words", "L1.2"),
    make_check("counts", "L2.1"),
    make_check("stores", "L3.1"),
)


@pytest.fixture(autouse=True)
def _small_checks(monkeypatch):
    monkeypatch.setattr("checker.judge.plan.list_checks", lambda: CHECKS)


@pytest.fixture
def course(tmp_path: Path) -> CoursePaths:
    paths = make_course(tmp_path)
    build(paths)
    return paths


def test_course_in_order_has_no_problem(course):
    assert verify(course) == []


def cut_hint(course: CoursePaths) -> None:
    edit(course.lessons / "02-count" / "lesson.toml", "Return one value in one line.", "Return.")
    text = (course.lessons / "02-count" / "lesson.toml").read_text()
    line = next(line for line in text.splitlines() if "Return." in line)
    edit(course.lessons / "02-count" / "lesson.toml", line, '  "Return it.",')


def stretch_hint(course: CoursePaths) -> None:
    edit(course.lessons / "02-count" / "lesson.toml", "in one line", "word " * 150)


def rename_heading(course: CoursePaths) -> None:
    edit(course.lessons / "02-count" / "README.md", "L2.1", "L2.2")


def repeat_heading(course: CoursePaths) -> None:
    readme = course.lessons / "02-count" / "README.md"
    readme.write_text(readme.read_text() + "\n### L2.1 again\n")


def remove_text(course: CoursePaths) -> None:
    (course.lessons / "02-count" / "README.md").unlink()


def solve_in_the_layer(course: CoursePaths) -> None:
    (course.layers / "02-count" / "app" / "count.py").write_text("def count(names): ...\n")
    build(course)


def name_a_missing_file(course: CoursePaths) -> None:
    edit(course.lessons / "02-count" / "lesson.toml", '"app/count.py"', '"app/count.py", "x.py"')


def name_no_file_of_the_region(course: CoursePaths) -> None:
    edit(course.lessons / "02-count" / "lesson.toml", "app/count.py", "app/main.py")


def leak(course: CoursePaths) -> None:
    (course.layers / "01-greet" / "app" / "old.py").write_text(
        "# course: task L2.1\nx = 1\n# course: stub\n# course: end\n"
    )
    edit(
        course.lessons / "02-count" / "lesson.toml",
        '"app/count.py"',
        '"app/count.py", "app/old.py"',
    )
    build(course)


def break_stub(course: CoursePaths) -> None:
    edit(
        course.layers / "02-count" / "app" / "count.py", "#|    raise NotImpl", "#|  raise (NotImpl"
    )
    build(course)


def crowd_a_stub(course: CoursePaths) -> None:
    docstring = '    """Greet one person."""\n'
    added = "    # course: since 2\n    count([name])\n    # course: end\n"
    edit(course.layers / "01-greet" / "app" / "main.py", docstring, docstring + added)
    build(course)


def drop_an_earlier_task(course: CoursePaths) -> None:
    (course.layers / "02-count" / "app" / "words.py").write_text('GREETING = "Hello"\n')
    build(course)


def remove_an_earlier_task(course: CoursePaths) -> None:
    edit(
        course.lessons / "03-store" / "lesson.toml",
        '["app/old.py"]',
        '["app/old.py", "app/words.py"]',
    )
    build(course)


def forget_build(course: CoursePaths) -> None:
    (course.solutions / "01-greet" / "run.sh").write_text("")


PROBLEMS = {
    "short hint": (cut_hint, "Hint 3 of L2.1 has 2 words; expected 15 to 160."),
    "long hint": (stretch_hint, "Hint 3 of L2.1 has 1"),
    "no heading": (rename_heading, "lessons/02-count/README.md has no heading for L2.1"),
    "unknown heading": (rename_heading, "a heading for L2.2, which is no task of the lesson"),
    "two headings": (repeat_heading, "has 2 headings for L2.1"),
    "no text": (remove_text, "lessons/02-count/README.md is missing."),
    "no region": (solve_in_the_layer, "L2.1 has no region in the layers up to 02-count."),
    "missing file": (name_a_missing_file, "L2.1 names x.py, a file that lesson 2 does not have."),
    "unlisted file": (name_no_file_of_the_region, "L2.1 has a region in app/count.py; add"),
    "leak": (leak, "app/old.py shows the solution of L2.1 in lesson 1 (line 1 in the layer"),
    "syntax": (break_stub, "app/count.py in the starter of lesson 2 cannot be parsed: "),
    "crowded stub": (crowd_a_stub, "Starting lesson 2 conflicts in app/main.py with the solved"),
    "dropped task": (drop_an_earlier_task, "Starting lesson 2 conflicts in app/words.py"),
    "removed task": (remove_an_earlier_task, "Lesson 3 removes app/words.py, which holds tasks"),
    "not built": (forget_build, "solutions/01-greet/run.sh: different. Run ./course build."),
}


@pytest.mark.parametrize(("spoil", "said"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_problem_is_found(course, spoil, said):
    spoil(course)
    assert any(said in problem for problem in verify(course))


@pytest.mark.parametrize("spoil", [drop_an_earlier_task, remove_an_earlier_task])
def test_file_that_a_lesson_says_it_replaces_may_conflict(course, spoil):
    spoil(course)
    for lesson in ("02-count", "03-store"):
        edit(
            course.lessons / lesson / "lesson.toml", "\n\n[[", '\nreplaces = ["app/words.py"]\n\n[['
        )
    assert not [
        problem for problem in verify(course) if "conflict" in problem or "removes" in problem
    ]


def test_task_without_a_check_is_found(course, monkeypatch):
    monkeypatch.setattr("checker.judge.plan.list_checks", lambda: (CHECKS[0], *CHECKS[2:]))
    assert verify(course) == [
        "L1.1 has no check that earns points.",
        "The id greets is gone. Ids are permanent: give the task or check its id again.",
    ]


def test_check_without_a_task_is_found(course, monkeypatch):
    checks = (*CHECKS, make_check("lost", "L3.9"))
    monkeypatch.setattr("checker.judge.plan.list_checks", lambda: checks)
    assert verify(course) == [
        "The check lost names L3.9, which is no task.",
        "The id lost is not recorded. Run ./course build.",
    ]


def test_check_that_needs_what_is_no_check_is_found(course, monkeypatch):
    lonely = dataclasses.replace(CHECKS[1], needs=("nothing",))
    monkeypatch.setattr("checker.judge.plan.list_checks", lambda: (CHECKS[0], lonely, *CHECKS[2:]))
    assert verify(course) == ["The check greets needs nothing, which is no check."]


def test_checks_that_wait_for_each_other_are_found(course, monkeypatch):
    first = dataclasses.replace(CHECKS[1], needs=("counts",))
    second = dataclasses.replace(CHECKS[3], later_needs=((3, "greets"),))
    checks = (CHECKS[0], first, CHECKS[2], second, CHECKS[4])
    monkeypatch.setattr("checker.judge.plan.list_checks", lambda: checks)
    (problem,) = verify(course)
    assert re.fullmatch(r"These checks wait for each other: .*greets.*\.", problem)


def test_id_that_is_given_twice_is_found(course, monkeypatch):
    monkeypatch.setattr("checker.judge.plan.list_checks", lambda: (*CHECKS, CHECKS[1]))
    assert verify(course) == ["The id greets is given 2 times."]


def test_id_of_a_check_that_is_gone_stays_recorded(course, monkeypatch):
    monkeypatch.setattr("checker.judge.plan.list_checks", lambda: CHECKS[:-1])
    build(course)
    assert "The id stores is gone. Ids are permanent: " in "\n".join(verify(course))


def run_with(
    choose: Callable[[RunRequest, CheckInfo], Outcome], checks: tuple[CheckInfo, ...] = CHECKS
) -> Callable[[RunRequest], Report]:
    """Make a judge that chooses every outcome as told."""

    def run_checks(request: RunRequest) -> Report:
        results = tuple(
            CheckResult(
                **{k: v for k, v in vars(info).items() if k in CheckResult.__struct_fields__},
                outcome=choose(request, info),
                seconds=0.0,
                finding=Finding(got="what came back", next_step=""),
            )
            for info in checks
            if info.lesson <= request.lesson
        )
        return Report(
            checker="", app="", lesson=1, seed=1, started_at="", seconds=0.0, results=results
        )

    return run_checks


def choose_as_expected(request: RunRequest, info: CheckInfo) -> Outcome:
    if request.app.name == "starter":
        is_open = info.lesson == request.lesson and info.points > 0
        return Outcome.FAILED if is_open else Outcome.PASSED
    return Outcome.PASSED if request.app.parent.name == "solutions" else Outcome.SKIPPED


def spoil_outcome(app: str, check: str, outcome: Outcome) -> Callable[..., Outcome]:
    def choose(request: RunRequest, info: CheckInfo) -> Outcome:
        place = f"{request.app.parent.name}/{request.app.name}"
        if place.startswith(app) and info.id == check:
            return outcome
        return choose_as_expected(request, info)

    return choose


def test_running_a_course_in_order_finds_no_problem(course, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(verify_running, "run_checks", run_with(choose_as_expected))
    assert verify_by_running(course, told.append) == []
    assert told[0] == "Running the solution of lesson 1 …"
    assert len(told) == 7


OUTCOMES = {
    "solution fails": (
        ("solutions/02", "greets", Outcome.FAILED),
        "The solution of lesson 2: the check greets failed: what came back.",
    ),
    "starter passes": (
        ("02-count/starter", "counts", Outcome.PASSED),
        "The starter of lesson 2: the check counts passed",
    ),
    "starter does not start": (
        ("01-greet/starter", "starts", Outcome.FAILED),
        "The starter of lesson 1: the check starts failed",
    ),
    "starter breaks an earlier lesson": (
        ("03-store/starter", "counts", Outcome.FAILED),
        "The starter of lesson 3: the check counts failed",
    ),
    "judge fails": (
        ("02-count/starter", "counts", Outcome.ERROR),
        "The starter of lesson 2: the check counts could not be run",
    ),
}


@pytest.mark.parametrize(("spoilt", "said"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_running_finds_the_problem(course, monkeypatch, spoilt, said):
    monkeypatch.setattr(verify_running, "run_checks", run_with(spoil_outcome(*spoilt)))
    problems = verify_by_running(course, lambda _: None)
    assert len(problems) == 1
    assert problems[0].startswith(said)


def test_what_was_built_before_may_wait_for_the_lessons_own_work(course, monkeypatch):
    waits = tuple(
        dataclasses.replace(info, needs=("stores",)) if info.id == "counts" else info
        for info in CHECKS
    )
    choose = spoil_outcome("03-store/starter", "counts", Outcome.SKIPPED)
    monkeypatch.setattr(verify_running, "run_checks", run_with(choose))
    assert len(verify_by_running(course, lambda _: None)) == 1
    monkeypatch.setattr(verify_running, "run_checks", run_with(choose, waits))
    assert verify_by_running(course, lambda _: None) == []


def test_running_finds_an_empty_folder_that_passes(course, monkeypatch):
    def choose(request: RunRequest, info: CheckInfo) -> Outcome:
        is_empty = request.app.name.startswith("course-empty-")
        spoilt = is_empty and info.id == "stores"
        return Outcome.PASSED if spoilt else choose_as_expected(request, info)

    monkeypatch.setattr(verify_running, "run_checks", run_with(choose))
    problems = verify_by_running(course, lambda _: None)
    assert problems == ["An empty folder: the check stores passed: what came back."]
