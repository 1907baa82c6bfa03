"""Write tables for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from checker.report.text import make_visible

# Where a cell may begin: some spreadsheets take `;`, or what they are told, for what parts cells,
# and then quotes that stood in the midst of a cell for its own. Some read signs of full width too.
FORMULA = re.compile(r"(^|[;|\t\r\n])(?=[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
Row = Sequence[object]


def write_csv(rows: Iterable[Row]) -> bytes:
    """Return a table; no text in it can become a formula, whatever its reader parts cells by."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows([map(neutralise, row) for row in rows])
    return stream.getvalue().encode()


def neutralise(value: object) -> object:
    """Return a cell; before what a spreadsheet would take for a formula stands a quote."""
    if not isinstance(value, str):
        return "" if value is None else value
    return make_visible(FORMULA.sub(r"\1'", value))
