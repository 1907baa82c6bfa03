"""Write findings as a table by lesson, for 80 columns, readable without colour."""

import textwrap
from itertools import groupby

from rich.text import Text

from checker.doctor.finding import ALL_LESSONS, Finding, Status, list_ready_lessons

COLOURS = {Status.OK: "green", Status.WARNING: "yellow", Status.MISSING: "bold red"}
WIDTH = 80
NAME_WIDTH = 17
INDENT = " " * (2 + len("missing") + 2 + NAME_WIDTH + 1)


def write_table(findings: list[Finding]) -> Text:
    """Return the table, what each lesson needs under a heading of its own, and the conclusion."""
    text = Text()
    for lessons, group in groupby(findings, key=lambda finding: finding.lessons):
        text.append(f"{name_lessons(lessons)}\n", "bold")
        for finding in group:
            text.append_text(write_finding(finding))
        text.append("\n")
    return text.append(conclude(findings))


def write_finding(finding: Finding) -> Text:
    """Return a finding's line, and below it what mends it; commands are never broken."""
    text = Text("  ")
    text.append(f"{finding.status.value:<7}  ", COLOURS[finding.status])
    first, *rest = textwrap.wrap(finding.detail, WIDTH - len(INDENT), break_on_hyphens=False)
    text.append(f"{finding.name:<{NAME_WIDTH}} {first}\n")
    for line in rest:
        text.append(f"{INDENT}{line}\n")
    for number, line in enumerate((finding.mend or "").splitlines()):
        text.append(f"{'' if number else 'mend it:':>19} {line}\n")
    return text


def name_lessons(lessons: tuple[int, ...]) -> str:
    """Name lessons that follow each other: `Lesson 6`, `Lessons 4 to 7`."""
    if len(lessons) == 1:
        return f"Lesson {lessons[0]}"
    return f"Lessons {lessons[0]} to {lessons[-1]}"


def conclude(findings: list[Finding]) -> str:
    """Say which lessons can be done, and what the others wait for."""
    ready = list_ready_lessons(findings)
    if len(ready) == len(ALL_LESSONS):
        return "Everything is here for all lessons."
    waits = [
        f"Lesson {lesson} waits for: {', '.join(name_obstacles(findings, lesson))}."
        for lesson in ALL_LESSONS
        if lesson not in ready
    ]
    can = ", ".join(map(str, ready)) or "none"
    lines = [f"Lessons that can be done on this machine: {can}.", *waits]
    return "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in lines)


def name_obstacles(findings: list[Finding], lesson: int) -> list[str]:
    """Return the names of what one lesson lacks."""
    return [
        finding.name
        for finding in findings
        if finding.status is Status.MISSING and lesson in finding.lessons
    ]
