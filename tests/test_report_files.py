"""The files that a report is written to: each can be read by those it is for."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
from report_samples import (
    FINDING,
    HOSTILE,
    make_green,
    make_hostile,
    make_red,
    make_report,
    make_result,
)

from checker.errors import CourseError
from checker.judge.results import Outcome
from checker.paths import CoursePaths
from checker.report.files import find_writer, write_files
from checker.report.html import format_html
from checker.report.schema import find_schema, format_schema

SCHEMA = find_schema(CoursePaths.find())
REPORTS = {
    "red": make_red(),
    "green": make_green(2),
    "hostile": make_hostile(),
    "empty": make_report(),
}
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())


def write(name, report):
    return find_writer(name)(report)


# JSON


def test_schema_is_fresh():
    again = "python -m checker.report.schema"
    assert SCHEMA.read_bytes() == format_schema(), f"the report's format has changed: {again}"


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json.loads(format_schema()))


@every_report
def test_json_keeps_the_schema(report):
    document = json.loads(write("json", report))
    jsonschema.validate(document, json.loads(SCHEMA.read_bytes()))
    assert document["format"] == "course/report/v1"


@pytest.mark.parametrize("name", ["results", "score", "format"])
def test_schema_refuses_a_report_without_a_field(name):
    document = json.loads(write("json", make_red()))
    del document[name]
    with pytest.raises(jsonschema.ValidationError, match=name):
        jsonschema.validate(document, json.loads(SCHEMA.read_bytes()))


def test_json_of_a_real_run_keeps_the_schema(check_app):
    app = CoursePaths.find().lessons / "01-setup" / "starter"
    report = check_app(app, 1).report
    jsonschema.validate(report, json.loads(SCHEMA.read_bytes()))
    assert report["score"] < report["max_score"]


def test_json_has_the_totals():
    document = json.loads(write("json", make_red()))
    assert (document["score"], document["max_score"]) == (0, 12)


# JUnit


def read_junit(report):
    return ET.fromstring(write("junit", report))  # noqa: S314 - written by us just now


@pytest.fixture(scope="module")
def pytest_xml(tmp_path_factory):
    """What pytest itself writes about a test of each outcome."""
    folder = tmp_path_factory.mktemp("junit")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_endings.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def broken(): raise RuntimeError\n"
        "def test_passed(record_property): record_property('points', 1)\n"
        "def test_failed(): raise AssertionError\n"
        "def test_skipped(): pytest.skip('waits')\n"
        "def test_error(broken): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml=out.xml"]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return ET.parse(folder / "out.xml").getroot()  # noqa: S314 - written just now


def list_shapes(root):
    """Return every element as its path and the names of its attributes."""
    shapes = set()

    def visit(element, path):
        path = f"{path}/{element.tag}"
        shapes.add((path, frozenset(element.attrib)))
        for child in element:
            visit(child, path)

    visit(root, "")
    return shapes


def test_junit_has_the_shape_of_pytests(pytest_xml):
    ours = {shape for shape in list_shapes(read_junit(make_red())) if "suite/prop" not in shape[0]}
    assert ours == list_shapes(pytest_xml)


def test_junit_counts_the_endings():
    suite = read_junit(make_red())[0]
    counts = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": 7, "failures": 2, "errors": 1, "skipped": 3}


def test_junit_carries_the_points():
    case = read_junit(make_green()).find("testsuite/testcase")
    properties = {p.get("name"): p.get("value") for p in case.iter("property")}
    assert properties == {
        "points": "2",
        "max_points": "2",
        "title": "The check of one_0 holds.",
    }


def test_junit_carries_the_totals():
    suite = read_junit(make_red())[0]
    properties = {p.get("name"): p.get("value") for p in suite.findall("properties/property")}
    assert properties == {"score": "0", "max_score": "12"}


@every_report
def test_junit_is_xml(report):
    assert read_junit(report).tag == "testsuites"


# HTML

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Reads a page: its elements, its text, and whether every element is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.text = []
        self.open = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def find(self, name):
        return [value for attribute, value in self.attributes if attribute == name]


def read_page(report):
    return Page(write("html", report).decode())


@every_report
def test_html_closes_what_it_opens(report):
    assert read_page(report).open == []


def test_html_shows_hostile_text_as_text():
    page = read_page(make_hostile())
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in "".join(page.text)
    assert set("".join(page.text)).isdisjoint("\x1b\x00\x07\u202e\u2028")


def test_html_needs_nothing_else():
    page = read_page(make_red())
    assert {"script", "link", "img", "iframe"}.isdisjoint(page.tags)
    assert [value for value in page.find("href") if not value.startswith("#")] == []
    assert "url(" not in "".join(page.text)
    assert "@import" not in "".join(page.text)


@pytest.mark.parametrize(("is_there", "count"), [(True, 1), (False, 0)])
def test_html_holds_the_picture_of_a_page_while_there_is_one(tmp_path, is_there, count):
    file = tmp_path / "page.png"
    if is_there:
        file.write_bytes(b"a picture")
    finding = msgspec.structs.replace(FINDING, picture=f"{file}")
    report = make_report(make_result("login", Outcome.FAILED, finding=finding))
    assert format_html(report).count(b'<img src="data:image/png;base64,YSBwaWN0dXJl"') == count


def test_html_links_lead_somewhere():
    page = read_page(make_red())
    assert {value.removeprefix("#") for value in page.find("href")} <= set(page.find("id"))
    assert len(set(page.find("id"))) == len(page.find("id"))


def test_html_is_made_for_phones_and_for_the_dark():
    text = write("html", make_green()).decode()
    assert 'name="viewport" content="width=device-width' in text
    assert "prefers-color-scheme: dark" in text


# Writing them


@pytest.mark.parametrize("name", ["json", "junit", "html"])
def test_file_in_a_folder_that_is_missing_is_told(name, tmp_path):
    with pytest.raises(CourseError, match="could not be written"):
        write_files(make_red(), {name: tmp_path / "none" / "report"})


def test_files_that_were_asked_for_are_written(tmp_path):
    write_files(make_hostile(), {"json": tmp_path / "a", "junit": None, "html": tmp_path / "b"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    assert HOSTILE not in (tmp_path / "b").read_text(encoding="utf-8")
