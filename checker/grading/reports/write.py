"""Write every report of a batch; they are made of its marks alone."""

import hashlib
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from checker.course.manifest import load_lessons
from checker.grading.marks import Mark
from checker.grading.reports.cohort import format_cohort
from checker.grading.reports.learner import format_learner
from checker.grading.reports.platforms import PLATFORMS, encode
from checker.grading.reports.scrub import scrub, scrub_text
from checker.grading.reports.spreadsheet import TABLES, write_times
from checker.judge.results import Report
from checker.paths import CoursePaths
from checker.report.document import format_json
from checker.report.junit import format_junit

ODD = re.compile(r"[^A-Za-z0-9._-]")
MARKED = re.compile(r"-[0-9a-f]{8}$")
LONGEST_NAME = 80


def write_reports(folder: Path, marks: Sequence[Mark], lesson: int, paths: CoursePaths) -> None:
    """Write the reports beside the results; the last ones stay until the new ones are whole.

    Args:
        folder: Of the batch.
        marks: Everybody's.
        lesson: Up to which lesson was graded.
        paths: The folders of the course.
    """
    draft, place = folder / ".reports.draft", folder / "reports"
    shutil.rmtree(draft, ignore_errors=True)
    marks = [tidy(mark) for mark in marks]
    links = {mark.name: f"learners/{quote(name_folder(mark.name))}/report.html" for mark in marks}
    reports = {mark.name: mark.result.report for mark in marks if mark.result}
    found = {name: report for name, report in reports.items() if report}
    lessons = load_lessons(paths)
    for mark in marks:
        target = draft / "learners" / name_folder(mark.name)
        target.mkdir(parents=True)
        report = found.get(mark.name)
        (target / "report.html").write_bytes(format_learner(mark, report, lesson, lessons))
        write_for_platforms(target, mark, report, lesson)
    for name, write in TABLES.items():
        (draft / name).write_bytes(write(marks, lesson))
    (draft / "marks.json").write_bytes(format_marks(marks, lesson))
    (draft / "cohort.html").write_bytes(format_cohort(marks, found, links, lesson))
    shutil.rmtree(place, ignore_errors=True)
    draft.replace(place)
    (folder / "times.csv").write_bytes(write_times(marks, lesson))


def tidy(mark: Mark) -> Mark:
    """Return a mark in which nothing differs from run to run but what is meant to."""
    reason = scrub_text(mark.reason)
    report = mark.result.report if mark.result else None
    result = mark.result
    if result and report:
        named = msgspec.structs.replace(scrub(report), app=mark.name)
        result = msgspec.structs.replace(result, report=named)
    return Mark(
        name=mark.name,
        person=mark.person,
        standing=mark.standing,
        max_score=mark.max_score,
        score=mark.score,
        penalty=mark.penalty,
        reason=reason,
        result=result,
    )


def write_for_platforms(target: Path, mark: Mark, report: Report | None, lesson: int) -> None:
    """Write what platforms read; who has no mark gets none of it: an error is not a zero."""
    if report:
        (target / "report.json").write_bytes(format_json(report))
        (target / "junit.xml").write_bytes(format_junit(report))
    if mark.final is None:
        return
    for name, write in PLATFORMS.items():
        (target / name).write_bytes(write(mark, report, lesson))


def format_marks(marks: Sequence[Mark], lesson: int) -> bytes:
    """Return the marks as JSON."""
    people = [
        {
            "submission": mark.name,
            "id": mark.person.id,
            "name": mark.person.name,
            "email": mark.person.email,
            "standing": mark.standing.value,
            "score": mark.score,
            "max_score": mark.max_score,
            "late_penalty": mark.penalty,
            "final": mark.final,
            "reason": mark.reason,
            "run": mark.result.id if mark.result else None,
        }
        for mark in marks
    ]
    return encode({"format": "course/marks/v1", "lesson": lesson, "people": people})


def name_folder(name: str) -> str:
    """Return a name for a folder, another one for each name: itself where it is a plain one.

    One that ends as those of others do is none.
    """
    plain = ODD.sub("_", name)[:LONGEST_NAME].lstrip(".") or "_"
    if plain == name and not MARKED.search(name):
        return plain
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
