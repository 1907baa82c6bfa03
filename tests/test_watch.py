"""A watch notices saves, runs what they can affect, and lets a newer save overtake a run."""

import io
import os
import queue
import shutil
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from itertools import repeat

import psutil
import pytest
from rich.console import Console

from checker.board.member import JOIN, UNKNOWN, find_forgotten
from checker.course.manifest import load_lessons
from checker.judge import plugin
from checker.judge.plan import plan_checks
from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.judge.verdict import CheckOrder
from checker.paths import CoursePaths
from checker.watch import bell as saves_bell
from checker.watch.affected import choose_glance, choose_next, find_affected
from checker.watch.bell import Bell
from checker.watch.engine import Begun, Engine, Trouble, Verdict
from checker.watch.keys import heard_keys
from checker.watch.saves import SaveWatcher, find_changes, read_state
from checker.watch.screen import Screen

PATHS = CoursePaths.find()
PLAN = plan_checks(4)
LESSONS = load_lessons(PATHS)
TASKS_API = "backend/app/api/tasks.py"
PATIENCE = 60  # seconds; a busy machine takes long


def make_result(name: str, outcome: Outcome) -> CheckResult:
    info = next(info for info in PLAN if info.id == name)
    finding = None if outcome is Outcome.PASSED else Finding(got="this", next_step="Mend it.")
    return plugin.make_result(info, outcome, 0.1, finding)


@pytest.fixture
def app(tmp_path):
    return shutil.copytree(PATHS.solutions / "01-setup", tmp_path / "app")


def test_changes_are_writes_additions_and_removals(app):
    before = read_state(app)
    (app / "backend" / "requirements.txt").unlink()
    (app / "backend" / "new.py").touch()
    (app / "backend" / "node_modules").mkdir()
    (app / "backend" / "node_modules" / "made.js").touch()
    found = find_changes(before, read_state(app))
    assert found == {"backend/requirements.txt", "backend/new.py"}


def test_a_watcher_tells_each_save_once(app):
    told: queue.Queue[frozenset[str]] = queue.Queue()
    watcher = SaveWatcher(app, told.put)
    (app / "backend" / "app" / "main.py").write_text("# 1\n", encoding="utf-8")
    assert told.get(timeout=PATIENCE) == {"backend/app/main.py"}
    watcher.close()
    assert told.empty()


def test_a_file_of_the_backend_affects_no_page():
    affected = find_affected(PLAN, [TASKS_API], {}, LESSONS)
    assert "create_task_answers_201" in affected
    assert "login_has_its_form" not in affected
    assert {i.id for i in PLAN if i.lesson > 3 and i.id in affected} == {"types_are_strict"}


def test_a_file_of_the_frontend_affects_pages_and_what_had_not_passed():
    known = {"health_answers_ok": make_result("health_answers_ok", Outcome.FAILED)}
    affected = find_affected(PLAN, ["frontend/src/lib/api.ts"], known, LESSONS)
    assert "frontend_builds" in affected
    assert "health_answers_ok" in affected
    assert "create_task_answers_201" not in affected


@pytest.mark.parametrize("lesson", [1, 2, 3, 4, 5, 6, 7])
def test_a_file_affects_the_checks_of_the_tasks_that_are_done_in_it(lesson):
    plan = plan_checks(lesson)
    for task in LESSONS[lesson - 1].tasks:
        own = {info.id for info in plan if info.task == task.id}
        for file in task.files:
            assert own <= find_affected(plan, [file], {}, LESSONS), file


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ({}, {"L3.4"}),
        ({"health_answers_ok": make_result("health_answers_ok", Outcome.FAILED)}, {"L1.1"}),
    ],
)
def test_what_failed_comes_first_else_the_task_of_the_file(known, wanted):
    task = next(t for t in LESSONS[2].tasks if t.id == "L3.4")
    due = frozenset(info.id for info in PLAN)
    chosen = choose_next(PLAN, due, task.files, known, LESSONS)
    assert wanted <= {info.task for info in PLAN if info.id in chosen}
    assert len(chosen) < len(PLAN) / 2


@pytest.mark.parametrize(
    ("passed", "chosen", "wanted"),
    [
        (("frontend_builds",), ("login_has_its_form", "sign_in_by_page"), ("login_has_its_form",)),
        ((), ("login_has_its_form",), ()),
        (("app_starts",), ("health_answers_ok",), ()),
    ],
)
def test_of_pages_one_check_is_run_first_and_only_when_it_waits_for_nothing(passed, chosen, wanted):
    known = {name: make_result(name, Outcome.PASSED) for name in passed}
    assert choose_glance(PLAN, chosen, known) == wanted
    if wanted:
        assert [info.id for info in plan_checks(4, wanted, with_needs=False)] == list(wanted)


@pytest.fixture
def bell(monkeypatch):
    """A bell on a system that tells of nothing."""
    monkeypatch.setattr(saves_bell, "install_extra", lambda *_: None)
    monkeypatch.setattr("watchfiles.watch", lambda *_, **__: repeat(set()))
    bell = Bell(threading.Event())
    bell.prepare(PATHS)
    return bell


def test_a_system_that_misses_saves_is_not_waited_for(bell, monkeypatch):
    looks = [bell.note_look(was_told=told, has_changed=True) for told in bell.ring([])]
    assert len(looks) == saves_bell.MOST_MISSED
    monkeypatch.delattr("watchfiles.watch")
    assert next(bell.ring([])) is False


def test_a_system_without_watches_left_is_not_waited_for(bell, monkeypatch):
    def fail(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr("watchfiles.watch", fail)
    assert [list(bell.ring([])) for _ in range(saves_bell.MOST_MISSED)] == [[], []]
    assert next(bell.ring([])) is False


@pytest.fixture
def watched(app):
    """An engine at work over the app, and the events that it told."""
    with at_work(CheckOrder(paths=PATHS, lesson=1, folder=app)) as watched:
        yield watched


@contextmanager
def at_work(order):
    """Let an engine work, and yield it with the events that it tells."""
    events: queue.Queue[object] = queue.Queue()
    engine = Engine(order, events.put)
    thread = threading.Thread(target=engine.run, daemon=True)
    thread.start()
    yield engine, events
    engine.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not list_workers()


def wait_for(events, wanted):
    """Return the next event for which this holds."""
    while True:
        event = events.get(timeout=PATIENCE)
        assert not isinstance(event, Trouble), event
        if wanted(event):
            return event


def has_ended(event):
    return isinstance(event, Verdict) and not event.left


def test_a_save_is_judged_and_a_newer_one_overtakes(app, watched):
    _, events = watched
    assert not wait_for(events, has_ended).report.select(Outcome.FAILED)
    health = app / "backend" / "app" / "api" / "health.py"
    right = health.read_text(encoding="utf-8")
    health.write_text(right.replace('"ok"', '"well"'), encoding="utf-8")
    failed = wait_for(events, lambda event: isinstance(event, Verdict))
    assert [r.id for r in failed.report.select(Outcome.FAILED)] == ["health_answers_ok"]
    health.write_text("import time\ntime.sleep(600)\n", encoding="utf-8")  # waits for a start limit
    wait_for(events, lambda event: isinstance(event, Begun))
    health.write_text(right, encoding="utf-8")
    assert not wait_for(events, has_ended).report.select(Outcome.FAILED)


def test_who_is_not_known_to_the_board_is_told_after_the_verdict(app, tmp_path):
    paths = replace(PATHS, workspace=app, cache=tmp_path / "cache")
    find_forgotten(paths).parent.mkdir()
    find_forgotten(paths).touch()
    with at_work(CheckOrder(paths=paths, lesson=1)) as (_, events):
        wait_for(events, has_ended)
        told = events.get(timeout=PATIENCE)
    assert told == Trouble(UNKNOWN, JOIN)


def test_a_worker_that_is_lost_is_replaced(app, watched):
    _, events = watched
    wait_for(events, has_ended)
    for worker in list_workers():
        worker.kill()
    health = app / "backend" / "app" / "api" / "health.py"
    health.write_text(health.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    while True:  # the save may have been given to the one that was lost
        event = events.get(timeout=PATIENCE)
        if isinstance(event, Trouble):
            health.touch()
        elif has_ended(event):
            break


def list_workers():
    return [p for p in psutil.Process().children() if "checker.watch.worker" in p.cmdline()]


def test_the_screen_says_what_to_mend_and_how_it_stands():
    output = io.StringIO()
    screen = Screen(load_lessons(PATHS), Console(file=output, width=80))
    results = (
        make_result("health_answers_ok", Outcome.FAILED),
        make_result("app_starts", Outcome.PASSED),
    )
    report = Report(
        checker="", app="", lesson=1, seed=1, started_at="", seconds=1.0, results=results
    )
    screen.show(Begun(1, ("backend/app/main.py",), 2))
    screen.show(Verdict(report, frozenset({"health_answers_ok", "app_starts"}), 0.5, 0))
    said = output.getvalue()
    assert "backend/app/main.py: 2 checks" in said
    assert "health_answers_ok failed" in said
    assert "1 of 2 checks passed in 0.5 s" in said
    assert "1 check to mend: health_answers_ok" in said


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
def test_keys_are_heard_on_a_terminal_and_none_without(monkeypatch):
    ours, theirs = os.openpty()
    heard: queue.Queue[str] = queue.Queue()
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        with heard_keys(heard.put) as has_keys:
            os.write(ours, b"a")
            assert has_keys
            assert heard.get(timeout=PATIENCE) == "a"
    os.close(ours)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with heard_keys(heard.put) as has_keys:
        assert not has_keys
