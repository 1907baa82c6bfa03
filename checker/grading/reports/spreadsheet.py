"""Write tables that spreadsheets and learning platforms read."""

from collections.abc import Callable, Sequence

from checker.grading.marks import Mark
from checker.report.table import Row, write_csv


def write_marks(marks: Sequence[Mark], _lesson: int) -> bytes:
    """Return everything about the marks, for a person to look at."""
    head = ("submission", "id", "name", "email", "standing", "score", "max_score")
    rows: list[Row] = [(*head, "late_penalty", "final", "reason", "run")]
    for mark in marks:
        person = mark.person
        who = (mark.name, person.id, person.name, person.email, mark.standing.value)
        points = (mark.score, mark.max_score, f"{mark.penalty:.0%}", mark.final)
        rows.append((*who, *points, mark.reason, mark.result.id if mark.result else ""))
    return write_csv(rows)


def write_canvas(marks: Sequence[Mark], lesson: int) -> bytes:
    """Return what Canvas imports: its second row holds the points there are."""
    most = max((mark.max_score for mark in marks), default=0)
    rows: list[Row] = [
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"Lesson {lesson}"),
        ("    Points Possible", "", "", "", "", most),
    ]
    for mark in marks:
        person = mark.person
        who = (person.name or mark.name, person.id, "", person.login, person.section)
        rows.append((*who, mark.final))
    return write_csv(rows)


def write_nbgrader(marks: Sequence[Mark], lesson: int) -> bytes:
    """Return what `nbgrader export` writes; who has no mark is left out."""
    head = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name")
    rows: list[Row] = [
        (*head, "email", "raw_score", "late_submission_penalty", "score", "max_score")
    ]
    for mark in marks:
        if mark.score is None or mark.final is None:
            continue
        first, _, last = mark.person.name.rpartition(" ")
        when = mark.person.submitted_at
        what = (f"lesson-{lesson}", "", when.isoformat() if when else "")
        who = (mark.person.id or mark.name, last, first, mark.person.email)
        points = (mark.score, round(mark.score - mark.final, 2), mark.final, mark.max_score)
        rows.append((*what, *who, *points))
    return write_csv(rows)


def write_times(marks: Sequence[Mark], _lesson: int) -> bytes:
    """Return what each run took: the only table that is another one every time."""
    rows: list[Row] = [("submission", "seconds", "attempts", "slowdown")]
    results = [(mark.name, mark.result) for mark in marks if mark.result]
    rows += [(name, run.seconds, run.attempt, run.slowdown) for name, run in results]
    return write_csv(rows)


TABLES: dict[str, Callable[[Sequence[Mark], int], bytes]] = {
    "marks.csv": write_marks,
    "canvas.csv": write_canvas,
    "nbgrader.csv": write_nbgrader,
}
