"""Write the board as a table for a spreadsheet."""

import time

from checker.board.view import View
from checker.report.table import write_csv

HEAD = ("name", "lesson", "passed", "of", "open check", "minutes without progress", "seen")


def export(view: View) -> bytes:
    """Return the rows; no name in them can become a formula."""
    now = time.time()
    rows = sorted(view.rows.values(), key=lambda row: str(row["name"]).casefold())
    return write_csv(
        [
            HEAD,
            *(
                (
                    *(row[name] for name in ("name", "lesson", "passed", "total", "check")),
                    round(max(0.0, now - row["moved"]) / 60),
                    time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(row["seen"])),
                )
                for row in rows
            ),
        ]
    )
