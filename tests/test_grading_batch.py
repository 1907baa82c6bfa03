"""A batch that is stopped at any moment and goes on: nothing lost, nothing twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import nullcontext
from dataclasses import replace

import pytest
from grading_samples import make_run
from hostile import ROOT
from report_samples import make_green, make_red

from checker.errors import CourseError, ProbeError, UsageError
from checker.grading.allowed import mark_version, read_allowed
from checker.grading.batch import LOCKS, find_version, open_batch
from checker.grading.cell import Jail, Verdict, choose_longest
from checker.grading.cluster.parcel import pack, unpack
from checker.grading.grade import MOST_ATTEMPTS, GradeOrder, find_databases, grade
from checker.grading.results import LONGEST_REASON, ResultFile, RunResult, Status
from checker.grading.runner import LONGEST_RUN, Runner, Work, forgive
from checker.grading.servers import take_server
from checker.judge.plan import allow_time, plan_checks
from checker.paths import CoursePaths
from checker.probes.strain import MOST_SLOWDOWN


@pytest.fixture
def results(tmp_path):
    """The path of a file with three results."""
    path = tmp_path / "results.jsonl"
    for name in ("one", "two", "three"):
        ResultFile(path).add(make_run(name, report=make_green()))
    return path


def test_results_are_kept(results):
    kept = ResultFile(results)
    assert kept.find(make_run("two").key).report == make_green()
    assert kept.find_by_id(make_run("two").id) == kept.find(make_run("two").key)
    assert kept.find(make_run("four").key) is None


def test_file_that_was_cut_anywhere_loses_no_whole_line(results):
    whole = results.read_bytes()
    for place in range(0, len(whole) + 1, 97):
        results.write_bytes(whole[:place])
        kept = ResultFile(results)
        names = ("one", "two", "three")
        found = [name for name in names if kept.find(make_run(name).key)]
        assert len(found) == whole[:place].count(b"\n")
        kept.add(make_run("three", report=make_green()))
        assert ResultFile(results).find(make_run("three").key)


def test_line_that_is_none_of_ours_is_told(results):
    results.write_bytes(results.read_bytes() + b'{"score": 100}\n')
    with pytest.raises(CourseError, match="line 4"):
        ResultFile(results)


def test_last_result_of_a_run_counts(results):
    ResultFile(results).add(make_run("one", Status.ERROR, reason="later"))
    assert ResultFile(results).find(make_run("one").key).reason == "later"


def test_reason_is_cut_wherever_it_is_from():
    assert make_run("one", Status.ERROR, reason="a" * LONGEST_REASON).reason.endswith("a")
    long = make_run("one", Status.ERROR, reason="a" * (1 << 20)).reason
    assert (len(long), long[-1]) == (LONGEST_REASON, "…")


def test_batch_keeps_what_was_settled(tmp_path):
    with open_batch(tmp_path / "out", seed=5, is_regraded=False) as batch:
        first = batch.facts
    with open_batch(tmp_path / "out", seed=None, is_regraded=False) as batch:
        assert batch.facts == first
    with open_batch(tmp_path / "out", seed=None, is_regraded=True) as batch:
        assert (batch.facts.seed, batch.facts.round) == (5, 1)
    with (
        pytest.raises(UsageError, match="--seed 5"),
        open_batch(tmp_path / "out", seed=6, is_regraded=False),
    ):
        pass


def test_two_graders_do_not_share_a_batch(tmp_path):
    with (
        open_batch(tmp_path, seed=5, is_regraded=False),
        pytest.raises(UsageError, match="another grader"),
        open_batch(tmp_path, seed=5, is_regraded=False),
    ):
        pass


def test_version_of_what_judges_is_the_same_twice():
    paths = CoursePaths.find()
    assert find_version(paths) == find_version(paths)


@pytest.mark.parametrize(
    "file",
    [
        "checker/grading/cell.py",
        "checker/checks/one.py",
        "locks/app.lock",
        "solutions/04-nextjs/frontend/package-lock.json",
    ],
)
def test_version_is_another_one_when_what_judges_is(file, tmp_path):
    for name in (*LOCKS, file):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    paths = CoursePaths(tmp_path, tmp_path / "workspace", tmp_path / "cache")
    before = find_version(paths)
    (tmp_path / file).write_text("after")
    assert find_version(paths) != before


class FakeRunner(Runner):
    """Decides at once: a submission's text says how its run ends."""

    runs: list

    def run(self, work):
        text = (work.path / "backend" / "said").read_text()
        self.runs.append(work)
        status = Status.ERROR if text == "error" else Status.GRADED
        return RunResult(
            id=work.key.id,
            key=work.key,
            attempt=work.attempt,
            seed=work.seed,
            status=status,
            reason="no room" if text == "error" else "",
            report=make_green() if status is Status.GRADED else None,
        )


@pytest.fixture
def runs(monkeypatch):
    """The runs that are made."""
    made = []
    monkeypatch.setattr(FakeRunner, "runs", made, raising=False)
    monkeypatch.setattr("checker.grading.grade.Runner", FakeRunner)
    return made


@pytest.fixture
def order(tmp_path):
    """A batch of three submissions, of which two are the same and one is an error."""
    for name, text in (("ada", "one"), ("bo", "one"), ("eve", "error")):
        (tmp_path / "in" / name / "backend").mkdir(parents=True)
        (tmp_path / "in" / name / "backend" / "said").write_text(text)
    paths = CoursePaths.find()
    return GradeOrder(
        paths=paths, submissions=tmp_path / "in", lesson=1, out=tmp_path / "out", jobs=1, seed=1
    )


def change(order, **changes):
    return GradeOrder(**{**vars(order), **changes})


def listen(*_):
    """Care for nothing."""


def test_same_submission_is_graded_once(order, runs):
    marks = grade(order, listen).marks
    assert len([work for work in runs if work.name != "eve"]) == 1
    assert [mark.final for mark in marks] == [8, 8, None]


def test_error_is_tried_again_and_then_left_alone(order, runs):
    grade(order, listen)
    assert [work.attempt for work in runs if work.name == "eve"] == [1, MOST_ATTEMPTS]
    runs.clear()
    grade(order, listen)
    assert runs == []
    grade(change(order, is_retried=True), listen)
    assert [(work.name, work.attempt) for work in runs] == [("eve", 3)]


def judge(report, slowdown, attempt=1):
    """Return how a verdict is taken that was made on a machine of this slowness."""
    verdict = Verdict(status=Status.GRADED, report=report, slowdown=slowdown)
    work = Work("ada", ROOT, make_run("ada").key, seed=1, attempt=attempt)
    return forgive(verdict, work).status


def test_failures_on_an_overloaded_machine_are_no_mark():
    assert judge(make_red(), MOST_SLOWDOWN) is Status.ERROR
    assert judge(make_red(), MOST_SLOWDOWN - 1) is Status.GRADED
    assert judge(make_green(), MOST_SLOWDOWN) is Status.GRADED


def test_second_attempt_counts_however_slow_the_submission_makes_the_machine():
    assert judge(make_red(), MOST_SLOWDOWN, attempt=2) is Status.GRADED


def test_regrading_does_all_anew(order, runs):
    grade(order, listen)
    runs.clear()
    grade(change(order, is_regraded=True), listen)
    assert {work.name for work in runs} == {"ada", "eve"}


def test_limit_leaves_the_rest_for_another_time(order, runs):
    graded = grade(change(order, limit=1), listen)
    assert (len(runs), graded.left) == (1, 1)
    assert grade(order, listen).left == 0


def test_only_names_are_graded(order, runs):
    grade(change(order, only=("e*",)), listen)
    assert {work.name for work in runs} == {"eve"}
    with pytest.raises(UsageError, match="nobody"):
        grade(change(order, only=("nobody",)), listen)


def test_seed_is_of_the_submission(order, runs):
    grade(order, listen)
    seeds = {work.name: work.seed for work in runs}
    assert len(set(seeds.values())) == 2
    again = change(order, out=order.out.with_name("again"))
    runs.clear()
    grade(again, listen)
    assert {work.name: work.seed for work in runs} == seeds


def test_changed_submission_is_graded_again(order, runs):
    grade(order, listen)
    runs.clear()
    (order.submissions / "ada" / "backend" / "said").write_text("two")
    grade(order, listen)
    assert [work.name for work in runs] == ["ada"]


GRADE = """
import sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
import test_grading_batch as batch
from checker.grading import grade
from checker.paths import CoursePaths

batch.FakeRunner.runs = []
grade.Runner = batch.FakeRunner
order = grade.GradeOrder(paths=CoursePaths.find(), submissions=Path(sys.argv[1]), lesson=1,
                         out=Path(sys.argv[2]), jobs=2, seed=1)
grade.grade(order, lambda *_: time.sleep(0.002))
"""


def start_fake_grader(submissions, out):
    """Start a grader whose runs take no time, so that it is killed in the midst of its writing."""
    code = GRADE.format(tests=str(ROOT / "tests"))
    return subprocess.Popen(
        [sys.executable, "-c", code, submissions, out], cwd=ROOT, stderr=subprocess.DEVNULL
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_grader_killed_at_random_moments_gives_the_same_reports(tmp_path):
    chance = random.Random(8)  # noqa: S311 - repeatable on purpose
    for number in range(60):
        folder = tmp_path / "in" / f"n{number}" / "backend"
        folder.mkdir(parents=True)
        (folder / "said").write_text("error" if number % 10 == 0 else f"{number}")
    assert start_fake_grader(tmp_path / "in", tmp_path / "whole").wait() == 0
    for _ in range(6):
        grader = start_fake_grader(tmp_path / "in", tmp_path / "killed")
        time.sleep(chance.uniform(0.7, 1.6))
        os.kill(grader.pid, signal.SIGKILL)
        grader.wait()
    assert start_fake_grader(tmp_path / "in", tmp_path / "killed").wait() == 0
    assert read_reports(tmp_path / "killed") == read_reports(tmp_path / "whole")
    lines = (tmp_path / "killed" / "results.jsonl").read_bytes().splitlines()
    assert len(set(lines)) == len(lines)


def read_reports(out):
    """Return every file of a batch's reports."""
    folder = out / "reports"
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_runner_serves_a_second_round(tmp_path):
    runner = Runner(tmp_path, jail=Jail.NONE)
    work = Work("nobody", tmp_path / "not-there", make_run("nobody").key, seed=1)
    for _ in range(2):
        ((_, result),) = runner.run_all([work], 1)
        assert "the grader was ended" not in result.reason


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems take UTF-8 only")
def test_name_that_is_not_utf8_stops_no_batch(tmp_path):
    path = tmp_path / os.fsdecode(b"M\xfcller.zip")
    path.write_bytes(b"PK\x03\x04 broken")
    runner = Runner(tmp_path, jail=Jail.NONE)
    work = Work("Müller", path, make_run("Müller").key, seed=1)
    ((_, result),) = runner.run_all([work], 1)
    assert (result.status, "the archive is broken" in result.reason) == (Status.REFUSED, True)
    (tmp_path / "there").mkdir()
    assert unpack(pack(work), tmp_path / "there").path.name == path.name


@pytest.mark.parametrize("error", [OSError("no fork"), ProbeError("no server.", "Wait.")])
def test_run_that_cannot_be_made_is_an_error_and_the_batch_goes_on(error, tmp_path, monkeypatch):
    def fail(*_):
        raise error

    monkeypatch.setattr(Runner, "_ask_cell", fail)
    work = Work("ada", tmp_path, make_run("ada").key, seed=1)
    results = [result for _, result in Runner(tmp_path, jail=Jail.NONE).run_all([work, work], 1)]
    assert [result.status for result in results] == [Status.ERROR] * 2
    assert "no " in results[0].reason


@pytest.mark.parametrize(("lesson", "longest"), [(1, 1500), (3, 1500), (4, 2400), (5, 2400)])
def test_judge_gives_up_on_an_app_before_the_runner_does(lesson, longest):
    assert allow_time(plan_checks(lesson), choose_longest(lesson)) == longest
    assert longest + 600 < LONGEST_RUN


class ServedRunner(Runner):
    """Keeps which servers its runs have, and gives each back when another run has one too."""

    def __init__(self, temporary, databases):
        super().__init__(temporary, jail=Jail.NONE, databases=databases)
        self.meeting = threading.Barrier(2)
        self.had = []

    def _ask_cell(self, work, server):
        self.had.append(server)
        self.meeting.wait(20)
        return Verdict(status=Status.ERROR, reason=work.name)


@pytest.fixture
def databases(tmp_path, monkeypatch):
    """Where servers have names, and are not started."""
    monkeypatch.setattr("checker.probes.postgres.server.lease_server", nullcontext)
    return find_databases(replace(CoursePaths.find(), cache=tmp_path), lesson=2)


def test_runs_at_the_same_time_have_servers_of_their_own(databases, tmp_path):
    runner = ServedRunner(tmp_path, databases)
    works = [Work(name, tmp_path, make_run(name).key, seed=1) for name in ("a", "b", "c", "d")]
    assert len(list(runner.run_all(works, 2))) == len(works)
    assert sorted(runner.had) == ["postgres-1"] * 2 + ["postgres-2"] * 2


def test_server_of_another_grader_is_left_alone(databases):
    with take_server(databases) as theirs, take_server(databases) as ours:
        assert (theirs, ours) == ("postgres-1", "postgres-2")
    with take_server(databases) as free_again:
        assert free_again == "postgres-1"


def test_cache_that_was_thrown_away_is_made_anew(databases, tmp_path):
    with take_server(replace(databases, cache=tmp_path / "new" / "cache")) as server:
        assert server == "postgres-1"


def test_folder_without_locks_is_told(databases, monkeypatch):
    monkeypatch.setattr("checker.grading.servers.try_lock", lambda _: nullcontext())
    with pytest.raises(ProbeError, match="no file can be locked"), take_server(databases):
        pass


def test_lesson_without_a_database_starts_no_server():
    assert find_databases(CoursePaths.find(), lesson=1) is None


def test_lessons_that_build_images_are_not_graded(run_course, tmp_path):
    done = run_course("grade", tmp_path, "--lesson", 6, "--out", tmp_path / "out")
    assert (done.returncode, "lesson 6 cannot be graded" in done.stderr) == (3, True), done.stderr


def test_allowed_packages_have_exact_versions(tmp_path):
    file = tmp_path / "allowed.txt"
    file.write_text("# looked at in May\ntiny-b==2.0\ntiny-a[x]==1.0  # fine\n\n")
    assert read_allowed(file) == "tiny-a[x]==1.0\ntiny-b==2.0\n"
    for line in (
        "tiny-a",
        "tiny-a>=1",
        "tiny-a==1.*",
        "-e .",
        "tiny-a @ https://example.com/a.whl",
    ):
        file.write_text(line)
        with pytest.raises(UsageError, match="the list"):
            read_allowed(file)


def test_other_packages_make_another_version():
    assert mark_version("1", "") == "1"
    assert len({mark_version("1", text) for text in ("", "a==1\n", "a==2\n")}) == 3
