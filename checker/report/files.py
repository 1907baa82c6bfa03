"""Write a report to files, each in one of the formats."""

from collections.abc import Callable, Mapping
from pathlib import Path

from checker.errors import CourseError
from checker.judge.results import Report


def write_files(report: Report, files: Mapping[str, Path | None]) -> None:
    """Write the report in every format that a file was named for.

    Args:
        report: The run.
        files: Formats (`json`, `junit`, `html`) and the files to write.

    Raises:
        CourseError: a file cannot be written.
    """
    for name, path in files.items():
        if path is None:
            continue
        content = find_writer(name)(report)
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CourseError(
                f"the report could not be written to {path}: {error.strerror}",
                "Name a file in a folder that exists, with room on its disk.",
            ) from error


def find_writer(name: str) -> Callable[[Report], bytes]:
    """Return the function that turns a report into a file's content."""
    if name == "json":
        from checker.report.document import format_json

        return format_json
    if name == "junit":
        from checker.report.junit import format_junit

        return format_junit
    from checker.report.html import format_html

    return format_html
