"""Write a report as JUnit XML, as pytest writes it, with points as properties."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.report.text import make_visible

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def format_junit(report: Report) -> bytes:
    """Return the XML of one test suite."""
    suites = ET.Element("testsuites", name="course")
    suite = ET.SubElement(
        suites,
        "testsuite",
        name=f"lesson-{report.lesson}",
        tests=str(len(report.results)),
        failures=str(len(report.select(Outcome.FAILED))),
        errors=str(len(report.select(Outcome.ERROR))),
        skipped=str(len(report.select(Outcome.SKIPPED))),
        time=f"{report.seconds:.3f}",
        hostname="localhost",  # readers want one, and no report needs to name a machine
    )
    if report.started_at:  # a grader's reports tell no times: they are made again and again
        suite.set("timestamp", report.started_at)
    add_properties(suite, {"score": report.score, "max_score": report.max_score})
    for result in report.results:
        add_case(suite, result)
    ET.indent(suites)
    text: str = ET.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def add_case(suite: ET.Element, result: CheckResult) -> None:
    """Add one check with its points, and with its finding when it did not pass."""
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"lesson-{result.lesson}.{result.task}",
        name=result.id,
        time=f"{result.seconds:.3f}",
    )
    earned = result.points if result.outcome is Outcome.PASSED else 0
    facts = {"points": earned, "max_points": result.points, "title": result.title}
    add_properties(case, facts)
    if result.finding is None:
        return
    message = clean(result.finding.got)
    if result.outcome is Outcome.SKIPPED:
        ET.SubElement(case, "skipped", type="pytest.skip", message=message)
        return
    tag = "failure" if result.outcome is Outcome.FAILED else "error"
    ET.SubElement(case, tag, message=message).text = clean(describe(result.finding))


def add_properties(parent: ET.Element, values: Mapping[str, object]) -> None:
    """Add name and value pairs, as pytest's `record_property` does."""
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=clean(str(value)))


def describe(found: Finding) -> str:
    """Return the finding as lines of text."""
    rows = {
        "expected": found.expected,
        "got": found.got,
        "next": found.next_step,
        "with": found.setup if found.curl else "",
        "try": found.curl,
        "log": found.log,
    }
    return "\n".join(f"{name}: {value}" for name, value in rows.items() if value)


def clean(text: str) -> str:
    """Show control characters as escapes, and take out the rest that XML cannot carry."""
    return NOT_XML.sub("", make_visible(text))
