"""Changes to files that are lists of lines: container files, patterns, requirements, pages."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from checker.trust.edits import Edit

LISTS = frozenset({".gitignore", ".dockerignore", "requirements.txt", ".env.example"})
COMPOSE = "docker-compose.yml"
DOCKERFILE = "Dockerfile"
PAGES = frozenset({".ts", ".tsx"})
LINE = re.compile(rb"^[ \t]*[^#\s].*(?:\\\n.*)*\n?", re.MULTILINE)  # a backslash continues it
PAGE_EDITS = (
    ("await", rb"\bawait ", b""),
    ("compare", rb"===", b"!=="),
    ("compare", rb"!==", b"==="),
    ("compare", rb"&&", b"||"),
    ("negate", rb"if \((?=[\w!])", b"if (!"),
    ("constant", rb"\btrue\b", b"false"),
    ("constant", rb"\bfalse\b", b"true"),
    ("label", rb"\n\s+(?:aria-[\w-]+|role|htmlFor|disabled)=(?:\{[^}]*\}|\"[^\"]*\")", b""),
    ("statement", rb"\n\s+(?:set\w+|clear\w+|forget\w+)\(.*\);", b""),
)


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
    if file.suffix in PAGES:
        for operator, pattern, new in PAGE_EDITS:
            yield from substitute(operator, pattern, new, content)


def substitute(operator: str, pattern: bytes, new: bytes, content: bytes) -> Iterator[Edit]:
    """Yield an edit for each place that the pattern fits."""
    for match in re.finditer(pattern, content):
        yield Edit(operator, match.start(), match.end(), match.expand(new))


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
