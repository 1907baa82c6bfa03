"""Reports as the judge makes them, made by hand, for the tests of what is made of them."""

from pathlib import Path

import msgspec

from checker.course.manifest import load_lessons
from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.paths import CoursePaths
from checker.report.occasion import Occasion

LESSONS = load_lessons(CoursePaths.find())[:2]
WORKSPACE = Occasion(LESSONS)

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07<script>alert(1)</script> [red]&amp;\"' \u202egnihtyna"
    "\x00\r\b\u2028\ud800\ufffe ]]> 日本 \x9b31m"
)
FINDING = Finding(
    expected="GET /health to answer 200 OK",
    got='404 Not Found: {"detail":"Not Found"}',
    next_step="Write the route GET /health in backend/app/api/health.py; it needs nothing else.",
    curl="curl -i http://localhost:8000/health",
)
FAULT = Finding(got="the process that starts the app ended", next_step="Run the check again.")


def make_result(name, outcome=Outcome.PASSED, task="L1.1", **changes):
    """Make a result with a finding that fits its outcome."""
    findings = {
        Outcome.PASSED: None,
        Outcome.FAILED: FINDING,
        Outcome.ERROR: FAULT,
        Outcome.SKIPPED: Finding(got="waits for health", next_step="Mend that one first."),
    }
    facts = {
        "id": name,
        "title": f"The check of {name} holds.",
        "lesson": int(task[1]),
        "task": task,
        "points": 2,
        "needs": (),
        "outcome": outcome,
        "seconds": 0.25,
        "finding": findings[outcome],
    }
    return CheckResult(**facts | changes)


def make_report(*results, lesson=1):
    """Make a report of these results."""
    return Report(
        checker="0.1.0",
        app="/home/ada/course/workspace",
        lesson=lesson,
        seed=7,
        started_at="2026-11-23T12:00:00+00:00",
        seconds=1.234,
        results=results,
    )


def make_green(lesson=1):
    """Make a report in which every check of two lessons passed."""
    one = [make_result(f"one_{n}", task=f"L1.{1 + n // 2}") for n in range(4)]
    two = [make_result(f"two_{n}", task=f"L2.{1 + n // 2}") for n in range(4)]
    return make_report(*one, *(two if lesson == 2 else ()), lesson=lesson)


def make_red():
    """Make a report with a chain of waiting checks, a second failure and a fault of ours."""
    skipped = Outcome.SKIPPED
    return make_report(
        make_result("layout", points=0),
        make_result("health", Outcome.FAILED, needs=("layout",)),
        make_result("path", skipped, needs=("health",)),
        make_result("cors", skipped, "L1.3", needs=("health",)),
        make_result("preflight", skipped, "L1.3", needs=("cors",)),
        make_result("pins", Outcome.FAILED, "L1.6"),
        make_result("clock", Outcome.ERROR, "L1.6"),
    )


def make_hostile():
    """Make a report in which everything that an app can send or name is hostile."""
    finding = Finding(
        expected=HOSTILE,
        got=HOSTILE,
        next_step=HOSTILE,
        curl=f"curl -i --data-raw '{HOSTILE}'",
        log=f"one\n  two {HOSTILE}\r\n\tthree",
    )
    skipped = Finding(got=HOSTILE, next_step=HOSTILE)
    report = make_report(
        make_result("health", Outcome.FAILED, finding=finding),
        make_result("path", Outcome.SKIPPED, finding=skipped),
        make_result("clock", Outcome.ERROR, finding=finding),
    )
    return msgspec.structs.replace(report, app=str(Path("/home") / HOSTILE))
