"""Write a report as JSON; docs/reference/report.schema.json says what is in it."""

from typing import Any

import msgspec

from checker.judge.results import Report


class ReportDocument(Report, frozen=True, kw_only=True):
    """One run of the checks over one app, with its totals.

    Attributes:
        score: Points of the checks that passed.
        max_score: Points of all checks of the run.
    """

    score: int
    max_score: int


def format_json(report: Report) -> bytes:
    """Return the report as JSON, with every field of the schema."""
    facts = msgspec.structs.asdict(report)
    document = ReportDocument(**facts, score=report.score, max_score=report.max_score)
    content = msgspec.json.encode(make_encodable(msgspec.to_builtins(document)))
    return msgspec.json.format(content, indent=2) + b"\n"


def make_encodable(value: Any) -> Any:
    """Escape what UTF-8 cannot hold: the odd bytes of a file's name that is not UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list | tuple):
        return [make_encodable(item) for item in value]
    if isinstance(value, dict):
        return {name: make_encodable(item) for name, item in value.items()}
    return value
