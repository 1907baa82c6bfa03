"""What is made of a batch's results: marks, pages, tables, and what platforms read."""

import base64
import csv
import io
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from grading_samples import (
    CLASSROOM50,
    GITHUB,
    GRADESCOPE,
    PRAIRIELEARN,
    make_everybody,
    make_run,
)
from report_samples import FINDING, HOSTILE, make_red, make_report, make_result

from checker.grading.marks import Deadline, Standing, make_anonymous, make_marks
from checker.grading.reports.scrub import scrub, scrub_text
from checker.grading.reports.write import name_folder, write_reports
from checker.grading.roster import Person, read_time
from checker.judge.results import Outcome
from checker.paths import CoursePaths
from checker.report.table import neutralise, write_csv

PLATFORM_SCHEMAS = {
    "gradescope.json": GRADESCOPE,
    "classroom50.json": CLASSROOM50,
    "prairielearn.json": PRAIRIELEARN,
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The reports of a batch in which everything happens."""
    folder = tmp_path_factory.mktemp("batch")
    write_reports(folder, make_everybody(), 1, CoursePaths.find())
    return folder / "reports"


def find_mark(marks, name):
    return next(mark for mark in marks if mark.name == name)


def test_error_and_what_is_not_graded_are_no_marks():
    marks = {mark.name: (mark.standing, mark.final) for mark in make_everybody()}
    assert marks["unlucky"] == (Standing.ERROR, None)
    assert marks["waiting"] == (Standing.PENDING, None)
    assert marks["mallory"] == (Standing.REFUSED, 0)
    assert marks["zoe"] == (Standing.MISSING, 0)


@pytest.mark.parametrize(
    ("moment", "penalty"),
    [
        ("2026-01-01T00:00:00Z", 0.0),
        ("2026-01-01T00:00:01Z", 0.1),
        ("2026-01-02T00:00:00Z", 0.1),
        ("2026-01-02T01:30:00+01:00", 0.2),
        ("2027-01-01T00:00:00Z", 1.0),
    ],
)
def test_penalty_grows_with_every_day_that_was_begun(moment, penalty):
    deadline = Deadline(read_time("2026-01-01T00:00:00Z", ""), 10)
    assert deadline.find_penalty(read_time(moment, "")) == pytest.approx(penalty)
    assert deadline.find_penalty(None) == 0


def test_penalty_takes_from_the_points():
    late = find_mark(make_everybody(), "late")
    assert (late.score, late.penalty, late.final) == (8, 0.3, 5.6)


def test_anonymous_marks_name_nobody(tmp_path):
    marks = make_everybody()
    hidden = make_anonymous(marks, "salt")
    write_reports(tmp_path, hidden, 1, CoursePaths.find())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    names = ("ada", "mallory", "zoe", "Lovelace", "ada@example.com")
    for file in files:
        text = f"{file} {file.read_text(encoding='utf-8')}"
        assert not [name for name in names if name in re.split(r"[^\w@.]+", text)]
    assert sorted(str(m.final) for m in hidden) == sorted(str(m.final) for m in marks)


@pytest.mark.parametrize("name", PLATFORM_SCHEMAS)
@pytest.mark.parametrize("who", ["ada", "bo", "hostile", "late", "mallory", "zoe"])
def test_platform_gets_what_it_reads(name, who, reports):
    document = json.loads((reports / "learners" / who / name).read_text(encoding="utf-8"))
    jsonschema.validate(document, PLATFORM_SCHEMAS[name])


def test_github_classroom_gets_what_it_reads(reports):
    for file in (reports / "learners").glob("*/github-classroom.txt"):
        jsonschema.validate(json.loads(base64.b64decode(file.read_bytes())), GITHUB)


def test_who_has_no_mark_gets_no_file_of_a_platform(reports):
    for who in ("unlucky", "waiting"):
        names = {path.name for path in (reports / "learners" / who).iterdir()}
        assert names == {"report.html"}


def test_points_add_up_on_every_platform(reports):
    folder = reports / "learners" / "bo"
    for name, keys in (
        ("gradescope.json", ("score", "max_score")),
        ("classroom50.json", ("score", "max-score")),
        ("prairielearn.json", ("points", "max_points")),
    ):
        tests = json.loads((folder / name).read_text())["tests"]
        red = make_red()
        assert [sum(t[key] for t in tests) for key in keys] == [red.score, red.max_score]


def test_junit_can_be_read(reports):
    root = ET.parse(reports / "learners" / "bo" / "junit.xml").getroot()  # noqa: S314 - ours
    assert int(root[0].get("tests")) == len(make_red().results)


class Tags(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, [name for name, _ in attributes if name.startswith("on")]))


@pytest.mark.parametrize("file", ["cohort.html", "learners/hostile/report.html"])
def test_page_holds_no_markup_of_a_submission(file, reports):
    text = (reports / file).read_text(encoding="utf-8")
    page = Tags()
    page.feed(text)
    assert not [tag for tag, handlers in page.tags if tag in {"script", "iframe"} or handlers]
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_page_of_a_learner_shows_what_to_mend_and_a_hint(reports):
    text = (reports / "learners" / "bo" / "report.html").read_text(encoding="utf-8")
    assert "404 Not Found" in text
    assert "<h2>Hints</h2>" in text
    assert "written by the submission" in text


def test_cohort_tells_the_hardest_checks(reports):
    text = (reports / "cohort.html").read_text(encoding="utf-8")
    assert "The check of health holds." in text
    assert "1 error" in text


def read_table(file):
    """Return the rows of a table."""
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("name", ["marks.csv", "canvas.csv", "nbgrader.csv"])
def test_table_has_no_formula_and_no_control_character(name, reports):
    text = (reports / name).read_text(encoding="utf-8")
    cells = [cell for row in read_table(reports / name) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert "\x1b" not in text


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1"])
def test_formula_is_neutralised(text):
    assert neutralise(text).startswith("'")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d"])
@pytest.mark.parametrize("parting", [";", "|", "\t", "\r", "\n", "; ", ';"', ";\xa0"])
def test_formula_is_neutralised_whatever_parts_cells(sign, parting):
    row = write_csv([("x", f"../{parting}{sign}cmd|' /C calc'!A1;")]).decode()
    cells = [cell.replace('"', "").strip() for cell in re.split(r"[;|\t\r\n]", row)]
    assert not [cell for cell in cells if cell.startswith(sign)]


def test_canvas_has_its_second_row(reports):
    rows = read_table(reports / "canvas.csv")
    assert rows[0][:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert rows[1][0].strip() == "Points Possible"
    assert rows[1][5] == "8"
    assert {len(row) for row in rows} == {6}
    unlucky = next(row for row in rows if row[0] == "unlucky")
    assert unlucky[5] == ""


def test_nbgrader_has_its_columns(reports):
    """They are those of nbgrader 0.9.6, nbgrader/plugins/export.py."""
    rows = read_table(reports / "nbgrader.csv")
    head = "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,"
    assert ",".join(rows[0]) == f"{head}late_submission_penalty,score,max_score"
    assert "unlucky" not in {row[3] for row in rows}


def test_reports_are_the_same_bytes_whenever_they_are_made(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_reports(tmp_path / folder, make_everybody(), 1, CoursePaths.find())
    one, two = (read_files(tmp_path / name / "reports") for name in ("one", "two"))
    assert one == two


def read_files(folder):
    """Return the content of every file."""
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_names_of_folders_are_plain_and_different():
    names = ["ada", "../../etc/passwd", ".hidden", "a b", "a_b", "é" * 200, "", "con\x00"]
    names += [name_folder(name) for name in names]
    names = list(dict.fromkeys(names))
    folders = [name_folder(name) for name in names]
    assert len(set(folders)) == len(names)
    assert all(re.fullmatch(r"[\w-][\w.-]{0,100}", name, re.ASCII) for name in folders)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("curl http://localhost:31234/x", "curl http://localhost:PORT/x"),
        ("curl http://localhost:8000/x", "curl http://localhost:8000/x"),
        ("id 6fa459ea-ee8a-3ca4-894e-db77e160355e", "id ID"),
        ("at 2026-11-28T10:11:12.5+00:00", "at TIME"),
        ("it took 5.03 s, not 5 s", "it took some s, not 5 s"),
        ("qwertyuiop@example.com", "someone@example.com"),
        ("/tmp/course-grade-0123456789ab/course-abcd1234/app/x.py", ".../app/x.py"),  # noqa: S108
        ("see file:/tmp/handed-in-abcd1234/files/x.py", "see file:.../x.py"),
        ("Bearer " + ".".join(["a-b_" * 6] * 3) + ", cut", "Bearer YOUR_TOKEN, cut"),
        ('{"password": "s3cr3t"}', '{"password": "PASSWORD"}'),
        ('{"request_id":"97517cd57aac474', '{"request_id":"ID'),
        ("etag deadbeef01", "etag HEX"),
        ("Started server process [123]", "Started server process [N]"),
    ],
)
def test_what_differs_from_run_to_run_is_taken_out(text, shown):
    assert scrub_text(text) == shown


@pytest.mark.parametrize("piece", ["/a", "a", "-", "a.", "/course-", f"{'a' * 20}.", '"id" '])
def test_long_text_is_read_once(piece):
    """Read from each of its signs anew, a text of this length would take hours."""
    text = piece * ((1 << 20) // len(piece))
    assert len(scrub_text(f"{text} port 12345")) <= len(text) + len(" port PORT")


def test_scrubbed_report_keeps_points_and_outcomes():
    report = make_report(make_result("one", Outcome.FAILED, finding=FINDING, seconds=3.2))
    scrubbed = scrub(report)
    assert (scrubbed.score, scrubbed.max_score) == (report.score, report.max_score)
    assert (scrubbed.seconds, scrubbed.results[0].seconds, scrubbed.seed) == (0, 0, 0)


def test_hostile_reason_reaches_no_report_unchanged(reports):
    text = (reports / "learners" / "mallory" / "report.html").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert HOSTILE not in text


def test_one_who_is_on_no_roster_has_a_mark():
    marks = make_marks({"ada": make_run("ada", report=make_red())}, {}, Deadline(), 12)
    assert marks[0].person == Person("ada")
    assert marks[0].final == make_red().score
