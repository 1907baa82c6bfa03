"""Write tables for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

from checker.report.text import make_visible

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
Row = Sequence[object]


def write_csv(rows: Iterable[Row]) -> bytes:
    """Return a table; no text in it can become a formula when somebody opens it."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows([map(neutralise, row) for row in rows])
    return stream.getvalue().encode()


def neutralise(value: object) -> object:
    """Return a cell; a text that a spreadsheet would take for a formula begins with a quote."""
    if not isinstance(value, str):
        return "" if value is None else value
    shown = make_visible(value)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) or value.startswith(FORMULA) else shown
