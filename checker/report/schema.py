"""Publish the JSON Schema of the reports: `python -m checker.report.schema` writes it."""

import inspect
import re
from pathlib import Path
from typing import Any

import msgspec

from checker.judge.results import FORMAT, CheckResult, Finding
from checker.paths import CoursePaths
from checker.report.document import ReportDocument

ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)


def find_schema(paths: CoursePaths) -> Path:
    """Return where the schema is published."""
    return paths.root / "docs" / "reference" / "report.schema.json"


def format_schema() -> bytes:
    """Return the JSON Schema of the reports, in the words of the structs' own docstrings.

    Fields that a struct has a default for are required too: they are always written.
    """
    schema = msgspec.json.schema(ReportDocument)
    structs = schema["$defs"]
    for struct in (ReportDocument, CheckResult, Finding):
        describe_struct(structs[struct.__name__], struct)
    structs["ReportDocument"]["properties"]["format"] = {"const": FORMAT}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": FORMAT}
    return msgspec.json.format(msgspec.json.encode(head | schema), indent=2) + b"\n"


def describe_struct(definition: dict[str, Any], struct: type[msgspec.Struct]) -> None:
    """Add what the docstrings say to the definition of a struct, and require every field."""
    definition["description"] = (inspect.getdoc(struct) or "").partition("\n")[0]
    definition["required"] = list(definition["properties"])
    texts = read_attributes(struct)
    for name, field in definition["properties"].items():
        field.pop("default", None)
        if name in texts:
            field["description"] = texts[name]


def read_attributes(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return what the docstrings of a struct and of its bases say about each attribute."""
    docs = [inspect.getdoc(base) or "" for base in reversed(struct.__mro__)]
    found = [pair for doc in docs for pair in ATTRIBUTE.findall(doc)]
    return {name: " ".join(text.split()) for name, text in found}


if __name__ == "__main__":
    find_schema(CoursePaths.find()).write_bytes(format_schema())
