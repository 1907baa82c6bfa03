"""Tell what the lessons, the app and the schema say: variables, modules, reports."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checker.course.imports import list_imported
from checker.course.manifest import Lesson
from checker.paths import CoursePaths
from checker.report.schema import find_schema
from checker.site.tables import escape, format_table, read_tables
from checker.site.texts import cut_part

CONTRACT = "What you build"
FIRST_COMMENT = re.compile(r"(?:'use client';\s*)?/\*\*(.*?)\*/", re.DOTALL)
WITHOUT_WORDS = (".test.ts", ".test.tsx", "api.ts")


def list_variables(lessons: tuple[Lesson, ...]) -> str:
    """Return every variable that a lesson's contract has a table for, with the lesson."""
    rows = (
        (name, *rest, f"{lesson.number}")
        for lesson in lessons
        for name, *rest in read_variables(lesson)
    )
    return format_table(("variable", "default", "rule", "from lesson"), rows)


def read_variables(lesson: Lesson) -> Iterator[tuple[str, str, str]]:
    """Yield the variables of a lesson's contract: name, default, rule."""
    for (head, second, *_), *rows in read_tables(cut_part(lesson, CONTRACT)):
        if head != "variable":
            continue
        for name, value, rule in rows:
            has_default = second == "default"
            yield (
                name,
                value if has_default else "none",
                rule if has_default else f"{rule} ({value})",
            )


def list_modules(folder: Path) -> str:
    """Return the modules under a folder, each with the sentence that it begins with."""
    rows = [
        (f"`{file.relative_to(folder).as_posix()}`", escape(sentence))
        for file in sorted(folder.rglob("*"))
        if (sentence := read_sentence(file))
    ]
    return format_table(("module", "what it is for"), rows)


def draw_imports(folder: Path) -> str:
    """Return a diagram of which part of a Python package imports which other part."""
    arrows = {
        (part, other)
        for file in folder.rglob("*.py")
        for other in list_imported(file, folder.name)
        if other != (part := file.relative_to(folder).parts[0].removesuffix(".py"))
    }
    lines = (f"    {part} --> {other}" for part, other in sorted(arrows))
    return "\n".join(("```mermaid", "flowchart TD", *lines, "```"))


def read_sentence(file: Path) -> str:
    """Return what a module says of itself first; empty when it says nothing."""
    if file.suffix == ".py":
        found = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        return found.partition("\n\n")[0].replace("\n", " ")
    if file.suffix in {".ts", ".tsx"} and not file.name.endswith(WITHOUT_WORDS):
        match = FIRST_COMMENT.match(file.read_text(encoding="utf-8"))
        return " ".join(match[1].replace(" * ", " ").split()) if match else ""
    return ""


def list_report_fields(paths: CoursePaths) -> str:
    """Return the structs of the JSON report, each with its fields, from the published schema."""
    structs = json.loads(find_schema(paths).read_text(encoding="utf-8"))["$defs"]
    parts = []
    for name, struct in structs.items():
        if "properties" not in struct:
            continue
        parts += [f"### {name}", struct.get("description", "")]
        rows = (
            (f"`{field}`", name_type(about, structs), escape(about.get("description", "")))
            for field, about in struct["properties"].items()
        )
        parts.append(format_table(("field", "type", "meaning"), rows))
    return "\n\n".join(part for part in parts if part)


def name_type(about: dict[str, Any], structs: dict[str, Any]) -> str:
    """Return the type of a field in words; a choice of texts is written out."""
    if "$ref" in about:
        name = about["$ref"].rpartition("/")[2]
        return name_type(structs[name], structs) if "enum" in structs[name] else f"`{name}`"
    if "const" in about or "enum" in about:
        return " or ".join(f'`"{value}"`' for value in about.get("enum", [about.get("const")]))
    if "anyOf" in about:
        return " or ".join(name_type(one, structs) for one in about["anyOf"])
    if about.get("type") == "array":
        return f"list of {name_type(about['items'], structs)}"
    return str(about["type"])
