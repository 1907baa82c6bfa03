"""Show on the terminal what a batch has come to."""

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from checker.grading.grade import Graded
from checker.grading.marks import Standing
from checker.report.text import make_visible

MOST_SHOWN = 20


def print_summary(graded: Graded, out: Path, console: Console) -> None:
    """Print how many stand where, who needs a look, and where the reports are."""
    counts = Counter(mark.standing for mark in graded.marks)
    table = Table("standing", "people", "mean of the points", box=None, pad_edge=False)
    for standing in Standing:
        finals = [m.final for m in graded.marks if m.standing is standing and m.final is not None]
        mean = f"{sum(finals) / len(finals):.1f}" if finals else ""
        if counts[standing]:
            table.add_row(standing.value, f"{counts[standing]}", mean)
    console.print(table)
    wanting = [m for m in graded.marks if m.standing in {Standing.ERROR, Standing.REFUSED}]
    for mark in wanting[:MOST_SHOWN]:
        console.print(make_visible(f"{mark.standing.value}: {mark.name}: {mark.reason}"))
    if len(wanting) > MOST_SHOWN:
        console.print(f"... and {len(wanting) - MOST_SHOWN} more, see marks.csv")
    if counts[Standing.ERROR]:
        console.print("Errors are no marks. Try those again: --retry-errors")
    if graded.left:
        console.print(f"{graded.left} submissions are left: start the same command again.")
    console.print(f"Reports: {out / 'reports' / 'cohort.html'}")
