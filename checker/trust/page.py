"""Write the pages of docs/trust from the figures: the table, and the list of survivors."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from checker.trust.chart import format_share
from checker.trust.excuses import Excuse
from checker.trust.figures import Figures, LessonFigures, Mutants, Repeats, Right, Survivor, Wrong

PAGE = Path(__file__).with_name("page.md")
SURVIVORS = Path(__file__).with_name("survivors.md")
MISSING = "not measured"
NO_BREAK = "\u00a0"  # keeps a number and its unit on one line
KIND_NAMES = {
    "right": "right apps",
    "wrong": "wrong apps",
    "mutants": "mutants",
    "repeats": "runs on busy cores",
    "disk": "runs on busy disks",
}
COLUMNS = (
    "lesson",
    "right apps accepted",
    "false failures",
    "wrong apps rejected",
    "fault named first",
    "hint points at it",
    "mutants killed",
    "changed verdicts",
    "p50",
    "p95",
)


def write_page(figures: Figures) -> str:
    """Return the page with the table."""
    rows = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    rows += ["| " + " | ".join(list_cells(lesson)) + " |" for lesson in figures.lessons]
    notes = [line for lesson in figures.lessons for line in list_notes(lesson)]
    if notes:
        notes = ["", "## What is left", "", *notes, ""]
    return PAGE.read_text(encoding="utf-8").format(
        outcome=describe_outcome(figures.lessons),
        table="\n".join(rows),
        occasion=describe_occasion(figures),
        disk=describe_disk(figures),
        notes="\n".join(notes),
    )


def describe_outcome(lessons: Sequence[LessonFigures]) -> str:
    """Say in a few sentences what the table says, over all lessons; of no kind that has none."""
    right = [lesson.right for lesson in lessons if lesson.right]
    wrong = [lesson.wrong for lesson in lessons if lesson.wrong]
    repeats = [found for lesson in lessons for found in (lesson.repeats, lesson.disk) if found]
    told = []
    if right:
        apps, checks = sum(one.judged for one in right), sum(one.checks for one in right)
        false = sum(one.false_failures for one in right)
        told.append(f"Of {checks:,} verdicts on {apps} right apps, {false:,} were false.")
    if wrong:
        apps, rejected = sum(one.judged for one in wrong), sum(one.rejected for one in wrong)
        named = sum(one.named for one in wrong)
        told.append(f"Of {apps} wrong apps, {rejected} were rejected, {named} for their own fault.")
    if repeats:
        checks, changed = sum(one.checks for one in repeats), sum(one.changed for one in repeats)
        told.append(f"Of {checks:,} repeated verdicts, on busy machines, {changed:,} changed.")
    if any(lesson.older for lesson in lessons):
        told.append("Some are of earlier checks: they stand at the end of this page.")
    return " ".join(told)


def describe_occasion(figures: Figures) -> str:
    """Say when, where and with what the figures were made."""
    versions = ", ".join(f"{name} {number}" for name, number in figures.versions.items())
    return f"Measured on {figures.date}, on {figures.machine}; {versions}."


def describe_disk(figures: Figures) -> str:
    """Say how verdicts fared while the disks were busy."""
    found = [(one.lesson, one.disk) for one in figures.lessons if one.disk]
    told = [f"lesson {n}: {disk.changed} of {disk.checks} in {disk.runs} runs" for n, disk in found]
    return f"Changed were, of {'; of '.join(told)}." if told else "That was not measured."


def list_cells(lesson: LessonFigures) -> tuple[str, ...]:
    """Return a row of the table."""
    return (
        f"{lesson.lesson}",
        *list_right(lesson.right),
        *list_wrong(lesson.wrong),
        show_mutants(lesson.mutants),
        *list_repeats(lesson.repeats),
    )


def list_right(right: Right | None) -> tuple[str, str]:
    """Return the cells about right apps."""
    if right is None:
        return MISSING, MISSING
    return (
        f"{right.accepted} of {right.judged}{tell_rest(right.judged, right.known)}",
        f"{right.false_failures} of {right.checks}",
    )


def list_wrong(wrong: Wrong | None) -> tuple[str, str, str]:
    """Return the cells about wrong apps."""
    if wrong is None:
        return MISSING, MISSING, MISSING
    return (
        f"{wrong.rejected} of {wrong.judged}{tell_rest(wrong.judged, wrong.known)}",
        f"{wrong.named} of {wrong.judged}",
        f"{wrong.hinted} of {wrong.offered}",
    )


def show_mutants(mutants: Mutants | None) -> str:
    """Return the cell about mutants."""
    if mutants is None:
        return MISSING
    matter = mutants.judged - mutants.excused
    first = f"first {mutants.first.killed} of {mutants.first.judged}"
    rest = tell_rest(mutants.judged, mutants.known)
    return f"{mutants.killed} of {matter}: {format_share(mutants.score)} ({first}){rest}"


def tell_rest(judged: int, known: int) -> str:
    """Say how many there are, where not all were judged."""
    return "" if judged >= known else f", a sample of {known}"


def list_repeats(repeats: Repeats | None) -> tuple[str, str, str]:
    """Return the cells about repeated runs."""
    if repeats is None:
        return MISSING, MISSING, MISSING
    changed = f"{repeats.changed} of {repeats.checks} in {repeats.runs} runs"
    return changed, f"{repeats.p50:.1f}{NO_BREAK}s", f"{repeats.p95:.1f}{NO_BREAK}s"


def list_notes(lesson: LessonFigures) -> list[str]:
    """Return a line for everything that is not as it should be."""
    found = {
        "right apps refused": lesson.right.refused if lesson.right else (),
        "wrong apps accepted": lesson.wrong.accepted if lesson.wrong else (),
        "the fault not named first": lesson.wrong.astray if lesson.wrong else (),
        "checks whose verdict changed": lesson.repeats.flaky if lesson.repeats else (),
        "checks whose verdict changed on a slow disk": lesson.disk.flaky if lesson.disk else (),
    }
    lines = [f"{what}: {', '.join(names)}" for what, names in found.items() if names]
    if lesson.mutants and lesson.mutants.unexcused:
        lines.append(f"mutants that survive and should not: {tell_unexcused(lesson.mutants)}")
    if lesson.mutants and lesson.mutants.undecided:
        lines.append(f"mutants that could not be judged: {lesson.mutants.undecided}")
    if lesson.mutants and lesson.mutants.unbuilt:
        lines.append(f"mutants that do not build, not counted: {lesson.mutants.unbuilt}")
    older = [f"{count} of {KIND_NAMES[kind]}" for kind, count in lesson.older.items()]
    if older:
        lines.append(f"verdicts of an earlier version of the checks: {', '.join(older)}")
    return [f"- Lesson {lesson.lesson}, {line}." for line in lines]


def tell_unexcused(mutants: Mutants) -> str:
    """Say how many mutants should have been killed, and how many of them nobody has explained."""
    unknown = sum(not survivor.excuse and not survivor.later for survivor in mutants.survivors)
    return f"{mutants.unexcused}, {unknown or 'none'} of them unexplained"


def write_survivors(figures: Figures, excuses: Sequence[Excuse]) -> str:
    """Return the page with every mutant that no check refuses."""
    lines = [line for lesson in figures.lessons for line in list_survivors(lesson, excuses)]
    return SURVIVORS.read_text(encoding="utf-8").format(list="\n".join([*lines, ""]))


def list_survivors(lesson: LessonFigures, excuses: Sequence[Excuse]) -> Iterator[str]:
    """Yield the lines about a lesson: a reason, and the changes that it explains."""
    if lesson.mutants is None:
        return
    yield from (f"## Lesson {lesson.lesson}", "")
    by_reason = sorted(lesson.mutants.survivors, key=lambda one: (one.later, one.excuse, one.file))
    for reason, alike in groupby(by_reason, key=lambda one: explain(one, excuses)):
        yield from (f"{reason}", "", "```diff")
        for file, found in groupby(alike, key=lambda one: one.file):
            yield f"# {file}"
            yield from (one.change for one in found)
        yield from ("```", "")


def explain(survivor: Survivor, excuses: Sequence[Excuse]) -> str:
    """Say why a mutant survives, as far as that is known."""
    if survivor.later:
        return f"*Later*: the checks of lesson {survivor.later} refuse these."
    if not survivor.excuse:
        return "**Nothing excuses these.**"
    excuse = excuses[survivor.excuse - 1]
    return f"*{excuse.why.capitalize()}*: {excuse.reason}"
