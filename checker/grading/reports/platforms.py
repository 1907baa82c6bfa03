"""Write one person's result as the learning platforms read it.

The shapes are those of Gradescope's results.json, Classroom 50's result.json, GitHub Classroom's
autograding result and PrairieLearn's external grading results.
"""

import base64
from collections.abc import Callable
from typing import Any

import msgspec

from checker.grading.marks import Mark
from checker.judge.results import CheckResult, Outcome, Report
from checker.report.text import make_visible

Document = dict[str, Any]


def encode(document: Document) -> bytes:
    """Return JSON for people and machines."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def has_passed(result: CheckResult) -> bool:
    """Tell whether a check earned its points."""
    return result.outcome is Outcome.PASSED


def count_points(result: CheckResult) -> int:
    """Return the points that a check earned."""
    return result.points if has_passed(result) else 0


def tell(result: CheckResult) -> str:
    """Return what a check found, as lines of text that act on no terminal."""
    if result.finding is None:
        return ""
    finding = result.finding
    rows = (
        ("Expected", finding.expected),
        ("Got", finding.got),
        ("Next", finding.next_step),
        ("Try", finding.curl),
        ("Log", finding.log),
    )
    return "\n".join(f"{label}: {make_visible(text)}" for label, text in rows if text)


def list_results(report: Report | None) -> tuple[CheckResult, ...]:
    """Return the results of a report, none when there is no report."""
    return report.results if report else ()


def write_gradescope(mark: Mark, report: Report | None, _lesson: int) -> bytes:
    """Return results.json of an autograder of Gradescope."""
    tests = [
        {
            "score": count_points(result),
            "max_score": result.points,
            "status": "passed" if has_passed(result) else "failed",
            "name": result.title,
            "number": f"{number}",
            "output": tell(result),
            "output_format": "text",
            "tags": [result.task],
            "visibility": "visible",
        }
        for number, result in enumerate(list_results(report), start=1)
    ]
    return encode(
        {
            "score": mark.final,
            "output": describe(mark),
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "tests": tests,
            "leaderboard": [],
        }
    )


def write_classroom50(mark: Mark, report: Report | None, lesson: int) -> bytes:
    """Return result.json of Classroom 50."""
    when = mark.person.submitted_at
    tests = [
        {
            "test-name": result.title,
            "passed": has_passed(result),
            "score": count_points(result),
            "max-score": result.points,
        }
        for result in list_results(report)
    ]
    return encode(
        {
            "schema": "classroom50/result/v1",
            "classroom": "course",
            "assignment": f"lesson-{lesson}",
            "owner": mark.person.login or mark.name,
            "assignment_type": "individual",
            "submission": mark.result.key.submission if mark.result else "",
            "commit": "",
            "release": "",
            "review": describe(mark),
            "datetime": when.isoformat() if when else "",
            "score": mark.final,
            "max-score": mark.max_score,
            "tests": tests,
        }
    )


def write_github(mark: Mark, report: Report | None, _lesson: int) -> bytes:
    """Return the step output `result` of GitHub Classroom: JSON in base64."""
    tests = [
        {
            "name": result.title,
            "status": "pass" if has_passed(result) else "fail",
            "score": count_points(result),
            "message": tell(result),
            "test_code": f"./course check {result.lesson} --only {result.id}",
            "filename": "",
            "line_no": 0,
            "duration": 0,
        }
        for result in list_results(report)
    ]
    status = "pass" if mark.score == mark.max_score else "fail"
    document = {"version": 1, "status": status, "max_score": mark.max_score, "tests": tests}
    return base64.b64encode(msgspec.json.encode(document)) + b"\n"


def write_prairielearn(mark: Mark, report: Report | None, _lesson: int) -> bytes:
    """Return results.json of an external grader of PrairieLearn; its score is a share."""
    tests = [
        {
            "name": result.title,
            "description": f"{result.task}, {result.id}",
            "points": count_points(result),
            "max_points": result.points,
            "message": result.outcome.value,
            "output": tell(result),
        }
        for result in list_results(report)
    ]
    share = (mark.final or 0) / mark.max_score if mark.max_score else 0.0
    return encode(
        {
            "gradable": report is not None,
            "score": round(share, 4),
            "message": describe(mark),
            "output": "",
            "tests": tests,
        }
    )


def describe(mark: Mark) -> str:
    """Say in a line what a mark is made of."""
    if mark.reason:
        return make_visible(f"{mark.standing.value}: {mark.reason}")
    late = f", {mark.penalty:.0%} taken off for being late" if mark.penalty else ""
    return f"{mark.score} of {mark.max_score} points{late}"


PLATFORMS: dict[str, Callable[[Mark, Report | None, int], bytes]] = {
    "gradescope.json": write_gradescope,
    "classroom50.json": write_classroom50,
    "github-classroom.txt": write_github,
    "prairielearn.json": write_prairielearn,
}
