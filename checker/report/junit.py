"""Write a report as JUnit XML, as pytest writes it, with points as properties."""

import re
from xml.etree import ElementTree as ET

from checker.judge.results import CheckResult, Outcome, Report

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
        timestamp=report.started_at,
    )
    for result in report.results:
        add_case(suite, result)
    ET.indent(suites)
    return ET.tostring(suites, encoding="utf-8", xml_declaration=True) + b"\n"


def add_case(suite: ET.Element, result: CheckResult) -> None:
    """Add one check with its points, and with its finding when it did not pass."""
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"lesson-{result.lesson}.{result.task}",
        name=result.id,
        time=f"{result.seconds:.3f}",
    )
    properties = ET.SubElement(case, "properties")
    earned = result.points if result.outcome is Outcome.PASSED else 0
    for name, value in (("points", earned), ("max_points", result.points), ("title", result.title)):
        ET.SubElement(properties, "property", name=name, value=str(value))
    if result.finding is not None:
        tag = {Outcome.FAILED: "failure", Outcome.ERROR: "error"}.get(result.outcome, "skipped")
        ending = ET.SubElement(case, tag, message=clean(result.finding.got))
        if result.outcome is not Outcome.SKIPPED:
            ending.text = clean(describe(result))


def describe(result: CheckResult) -> str:
    """Return the finding as lines of text."""
    found = result.finding
    if found is None:
        return ""
    rows = {
        "expected": found.expected,
        "got": found.got,
        "next": found.next_step,
        "try": found.curl,
        "log": found.log,
    }
    return "\n".join(f"{name}: {value}" for name, value in rows.items() if value)


def clean(text: str) -> str:
    """Take out the characters that XML cannot carry."""
    return NOT_XML.sub("", text)
