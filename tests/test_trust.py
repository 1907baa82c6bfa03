"""The judge is measured by apps whose verdict is known; docs/trust says what came of it."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import psutil
import pytest
from apps.build_app import ROOT, list_wrong, name_app, read_wrong
from verdicts import make_verdict

from checker.judge.plan import list_checks
from checker.paths import CoursePaths
from checker.processes import Processes
from checker.trust.busy import keep_busy, keep_disks_busy
from checker.trust.chart import format_share
from checker.trust.counting import count_repeats, count_right, count_wrong
from checker.trust.figures import (
    LessonFigures,
    Mutants,
    Repeats,
    Right,
    Score,
    Survivor,
    Wrong,
    read_figures,
)
from checker.trust.gather import gather_lesson
from checker.trust.hints import SPEAKS, read_hints
from checker.trust.judging import Specimen, judge_all, judge_one
from checker.trust.kept import Shelf, Verdict, hash_app
from checker.trust.measure import Bench, Order, count_idle_cores
from checker.trust.mutants import find_solution
from checker.trust.needs import tell_lack
from checker.trust.page import describe_outcome, list_notes
from checker.trust.publish import FIGURES, FOLDER, render
from checker.trust.scope import FIRST_USE, JUDGED_BY, choose_checks, hash_judge
from checker.trust.specimens import list_wrong_apps

PATHS = CoursePaths.find()
JUDGING = ("checker.probes.", "checker.checks.")
LIST_MODULES = """
import sys
import checker.judge.run
from checker.judge.plan import plan_checks
from checker.trust.scope import choose_checks
lesson = int(sys.argv[1])
plan_checks(lesson, choose_checks(lesson))
print(*sys.modules)
"""


def test_pages_agree_with_figures():
    figures = read_figures(ROOT / FIGURES)
    for name, text in render(PATHS, figures).items():
        assert (ROOT / FOLDER / name).read_text(encoding="utf-8") == text, name


def test_hints_are_known_for_every_wrong_app_that_is_offered_one():
    hints = read_hints(PATHS)
    tasks = {info.task for info in list_checks()}
    apps = {name_app(spec): read_wrong(spec) for spec in list_wrong()}
    unclear = {
        name for name, app in apps.items() if hints.is_offered(app) and not hints.names_file(app)
    }
    assert set(hints.table) == unclear
    assert set(hints.table.values()) <= tasks | {SPEAKS, "none"}


def test_counts_of_right_apps():
    right = count_right({"a": make_verdict(x="passed"), "b": make_verdict(x="error")}, known=3)
    assert (right.judged, right.accepted, right.checks, right.false_failures) == (2, 1, 2, 1)
    assert right.refused == ("b",)


def test_counts_of_wrong_apps():
    spec = ROOT / "tests" / "apps" / "wrong" / "01" / "catch_all_page.toml"
    app = read_wrong(spec)
    good = msgspec.structs.replace(make_verdict(1), first=app.first, shown=app.shows)
    verdicts = {"good": good, "astray": make_verdict(1), "passes": make_verdict(0)}
    wrong = count_wrong(dict.fromkeys(verdicts, app), verdicts, read_hints(PATHS))
    assert (wrong.judged, wrong.rejected, wrong.named) == (3, 2, 1)
    assert (wrong.offered, wrong.hinted) == (1, 0)
    assert (wrong.accepted, wrong.astray) == (("passes",), ("astray",))


@pytest.mark.parametrize(
    ("excuse", "told"),
    [(0, "2, 1 of them unexplained"), (4, "2, none of them unexplained")],
)
def test_survivors_that_count_are_told_with_what_is_known_of_them(excuse, told):
    found = [
        Survivor(id="x", file="x.py", operator="step", change="-x", excuse=number, is_excused=False)
        for number in (3, excuse)
    ]
    mutants = Mutants(
        known=4, judged=4, killed=2, undecided=0, first=Score(1, 4), survivors=tuple(found)
    )
    lesson = LessonFigures(lesson=1, judge="now", older={}, mutants=mutants)
    assert list_notes(lesson) == [f"- Lesson 1, mutants that survive and should not: {told}."]


def test_outcome_is_told_over_all_lessons():
    right = Right(known=2, judged=2, accepted=1, checks=600, false_failures=1)
    wrong = Wrong(known=3, judged=3, rejected=3, named=2, offered=2, hinted=2)
    repeats = Repeats(runs=200, checks=400, changed=0, flaky=(), p50=1, p95=2)
    first = LessonFigures(lesson=1, judge="now", older={}, right=right, repeats=repeats)
    second = LessonFigures(lesson=2, judge="now", older={}, right=right, wrong=wrong, disk=repeats)
    assert describe_outcome([first, second]) == (
        "Of 1,200 verdicts on 4 right apps, 2 were false. "
        "Of 3 wrong apps, 3 were rejected, 2 for their own fault. "
        "Of 800 repeated verdicts, on busy machines, 0 changed."
    )
    assert describe_outcome([]) == ""
    older = LessonFigures(lesson=1, judge="now", older={"repeats": 200}, repeats=repeats)
    assert describe_outcome([older]).endswith(
        "Some are of earlier checks: they stand at the end of this page."
    )


def test_counts_of_repeats():
    runs = [make_verdict(seconds=n, x="passed", y="passed") for n in range(1, 20)]
    repeats = count_repeats([*runs, make_verdict(seconds=50.0, x="failed", y="passed")])
    assert (repeats.runs, repeats.checks, repeats.changed) == (20, 40, 1)
    assert (repeats.flaky, repeats.p50, repeats.p95) == (("x",), 10, 19)


def test_share_is_100_only_when_nothing_is_missing():
    assert [format_share(x) for x in (1.0, 0.9999, None)] == ["100 %", "99.9 %", "not measured"]


@pytest.mark.parametrize("lesson", [1, 5])
def test_wrong_app_meets_the_checks_up_to_the_one_that_names_its_fault(lesson):
    wrong = {name_app(spec): read_wrong(spec).first for spec in list_wrong()}
    checks = choose_checks(lesson)
    judged = {one.name: one.only for one in list_wrong_apps(PATHS, lesson)}
    assert {name: only[-1] for name, only in judged.items()} == {
        name: first for name, first in wrong.items() if name in judged
    }
    assert all(only == checks[: len(only)] for only in judged.values())


def test_wrong_app_is_known_by_the_right_one_that_it_is_made_of():
    keys = {one.name: one.key for one in list_wrong_apps(PATHS, 4)}
    solution, components = (
        hash_app(folder)
        for folder in (find_solution(PATHS, 4), ROOT / "tests/apps/right/04/components")
    )
    assert keys["04/select_by_mouse"].split("-")[1:] == [solution, components]
    assert keys["04/focus_lost"].split("-")[1:] == [solution]


def test_verdict_is_kept_until_the_checks_change(tmp_path):
    paths = CoursePaths(PATHS.root, PATHS.workspace, tmp_path)
    bench = Bench(Order(paths=paths, lessons=(1,)), "right", 1)
    older = Bench(Order(paths=paths, lessons=(1,), takes_older=True), "right", 1)
    first, *rest = bench.specimens
    shelf = Shelf(paths, "right", 1)
    shelf.put(first.key, make_verdict(judge=hash_judge(paths, 1)))
    assert list_names(bench) == [one.name for one in rest]
    shelf.put(first.key, make_verdict(judge="of old"))
    assert list_names(bench) == [first.name, *(one.name for one in rest)]
    assert list_names(older) == [one.name for one in rest]
    assert older.count_older() == 1


@pytest.mark.parametrize("lesson", range(1, max(FIRST_USE.values())))
def test_lesson_uses_nothing_that_counts_for_later_ones_alone(lesson):
    command = [sys.executable, "-c", LIST_MODULES, f"{lesson}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[2] for name in done.stdout.split() if name.startswith(JUDGING)}
    assert "app" in loaded
    assert not loaded & {name for name, first in FIRST_USE.items() if first > lesson}


def test_figures_that_are_carried_over_are_of_the_checks_of_then(tmp_path):
    paths = CoursePaths(PATHS.root, PATHS.workspace, tmp_path)
    before = LessonFigures(
        lesson=1,
        judge="of old",
        older={"wrong": 1},
        right=count_right({"a": make_verdict(x="passed")}, known=3),
        repeats=count_repeats([make_verdict(x="passed")] * 2),
    )
    now = gather_lesson(paths, 1, before, ())
    assert (now.right, now.repeats, now.wrong) == (before.right, before.repeats, None)
    assert (now.judge, now.older) == (hash_judge(paths, 1), {"right": 1, "repeats": 2})
    assert gather_lesson(paths, 1, now, ()) == now
    assert "checks: 1 of right apps, 2 of runs on busy cores." in list_notes(now)[0]


def list_names(bench):
    return [one.name for one in bench.list_missing()]


@pytest.mark.parametrize(
    ("changed", "lessons"),
    [
        ("checks/expect.py", {1, 2, 3, 4, 5, 6, 7}),
        ("checks/task_visits.py", {4, 5}),
        ("checks/visits.py", {4, 5, 6, 7}),
        ("checks/test_03_4_tasks.py", {3, 5}),
        ("checks/deployment_views.py", {7}),
        ("judge/run.py", {1, 2, 3, 4, 5, 6, 7}),
        ("probes/listener.py", {3, 4, 5, 6, 7}),
        ("probes/postgres/proxy.py", {3, 4, 5, 6, 7}),
        ("probes/model/script.py", {5, 6, 7}),
    ],
)
def test_change_makes_those_verdicts_old_that_it_can_change(tmp_path, changed, lessons):
    for name in JUDGED_BY:
        shutil.copytree(ROOT / "checker" / name, tmp_path / "checker" / name)
    paths = CoursePaths(tmp_path, PATHS.workspace, tmp_path)
    before = {lesson: hash_judge(paths, lesson) for lesson in range(1, 8)}
    with (tmp_path / "checker" / changed).open("a") as file:
        file.write("\n")
    assert {lesson for lesson in before if hash_judge(paths, lesson) != before[lesson]} == lessons


@pytest.fixture
def list_started():
    """Return what lists the processes that this test has started: servers that other tests keep
    for later are children of the same process."""
    before = set(psutil.Process().children())
    return lambda: [process for process in psutil.Process().children() if process not in before]


def test_app_is_judged_in_a_process_of_its_own():
    app = find_solution(PATHS, 1)
    verdict = judge_one(
        Specimen("x", "x", 1, lambda _: app, ("layout_is_there",)), PATHS, Processes()
    )
    assert isinstance(verdict, Verdict)
    assert (verdict.code, verdict.outcomes) == (0, {"layout_is_there": "passed"})


def test_judging_stops_at_the_first_failure(tmp_path):
    specimen = Specimen("x", "x", 1, lambda _: tmp_path, stops=True)
    verdict = judge_one(specimen, PATHS, Processes())
    assert isinstance(verdict, Verdict)
    assert (verdict.code, verdict.first) == (1, "layout_is_there")
    assert list(verdict.outcomes.values()) == ["failed"]


def test_app_that_cannot_be_judged_is_told_with_the_reason(tmp_path):
    verdict = judge_one(
        Specimen("x", "x", 1, lambda _: tmp_path, ("no_such_check",)), PATHS, Processes()
    )
    assert isinstance(verdict, str)
    assert "no_such_check" in verdict


def test_interrupt_ends_the_judges(tmp_path, monkeypatch, list_started):
    started = []

    def interrupt(waiting):
        started.extend(waiting)
        while not list_started():
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr("checker.trust.judging.as_completed", interrupt)
    app = find_solution(PATHS, 1)
    shelf = Shelf(CoursePaths(PATHS.root, PATHS.workspace, tmp_path), "right", 1)
    with pytest.raises(KeyboardInterrupt):
        list(judge_all([Specimen("x", "x", 1, lambda _: app)], shelf, PATHS, 1))
    assert isinstance(started[0].result(), str)
    assert list_started() == []


def test_machine_without_browser_or_engine_measures_nothing_that_needs_one(monkeypatch):
    monkeypatch.setattr("checker.doctor.browser.list_browsers", lambda: iter(()))
    monkeypatch.setattr("checker.doctor.containers.ask", lambda *_: None)
    assert "no Chromium" in tell_lack(4)
    monkeypatch.setattr("checker.doctor.browser.list_browsers", lambda: iter([Path("/x")]))
    assert tell_lack(4) == ""
    assert "docker" in tell_lack(6)


@pytest.mark.parametrize(("jobs", "idle"), [(1, 4), (2, 3), (5, 0), (9, 0)])
def test_judges_beside_one_another_keep_cores_busy(monkeypatch, jobs, idle):
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert count_idle_cores(jobs) == idle


def test_busy_cores_are_free_again(list_started):
    with keep_busy(1):
        busy = list_started()
        assert len(busy) == 1
    assert not any(process.is_running() for process in busy)


def test_disks_are_quiet_again(tmp_path, list_started):
    with keep_disks_busy([tmp_path]):
        busy = list_started()
        assert len(busy) == 1
    assert not any(process.is_running() for process in busy)
