"""Changes to files that are lists of lines: container files, patterns, requirements."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from checker.trust.edits import Edit
from checker.trust.pages import SUFFIXES, find_page_edits, substitute

LISTS = frozenset({".gitignore", ".dockerignore", "requirements.txt", ".env.example"})
COMPOSE = "docker-compose.yml"
DOCKERFILE = "Dockerfile"
LINE = re.compile(rb"^[ \t]*[^#\s].*(?:\\\n.*)*\n?", re.MULTILINE)  # a backslash continues it


def find_line_edits(file: PurePosixPath, content: bytes) -> Iterator[Edit]:
    """Yield the edits of a file that is not Python; none for kinds that hold no instructions."""
    if file.name in LISTS or file.name == DOCKERFILE:
        for match in LINE.finditer(content):
            yield Edit("line", match.start(), match.end(), b"")
    if file.name == "requirements.txt":
        yield from substitute("pin", rb"==[^\n]*", b"", content)
    if file.name == DOCKERFILE:
        yield from substitute("root", rb"(?m)^USER .*$", b"USER 0", content)
        yield from substitute("tag", rb"(?m)(?<=^FROM )(\w+):\S+", b"\\1:latest", content)
    if file.name == COMPOSE:
        yield from leave_out_blocks(content)
    if file.suffix in SUFFIXES:
        yield from find_page_edits(content)


def leave_out_blocks(content: bytes) -> Iterator[Edit]:
    """Leave out each line of YAML, with all that is indented below it."""
    lines = content.splitlines(keepends=True)
    for index, line in enumerate(lines):
        depth = len(line) - len(line.lstrip())
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        last = index + 1
        while last < len(lines) and (
            not lines[last].strip() or len(lines[last]) - len(lines[last].lstrip()) > depth
        ):
            last += 1
        start = sum(map(len, lines[:index]))
        yield Edit("line", start, start + sum(map(len, lines[index:last])), b"")
