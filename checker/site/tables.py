"""Write and read the tables of Markdown."""

import re
from collections.abc import Iterable, Iterator

RULE = re.compile(r"\|(\s*:?-+:?\s*\|)+")
CELL_END = re.compile(r"(?<!\\)\|")


def format_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; a cell may hold Markdown, and no line break."""
    lines = [format_row(head)]
    lines += [re.sub(r"[^|]+", "---", format_row("x" for _ in split_row(lines[0])))]
    return "\n".join([*lines, *(format_row(row) for row in rows)])


def format_row(cells: Iterable[str]) -> str:
    """Return one line of a table."""
    return f"| {' | '.join(cells)} |"


def escape(text: str) -> str:
    """Return plain text, in which backticks mark code, as a cell shows it."""
    plain = re.sub(r"`[^`]*`|([<>*_\[\]])", lambda m: rf"\{m[1]}" if m[1] else m[0], text)
    return plain.replace("|", r"\|").replace("\n", " ")


def read_tables(text: str) -> Iterator[list[list[str]]]:
    """Yield each table of a text, as rows of cells, the head first."""
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            if not RULE.fullmatch(line.strip()):
                rows.append(split_row(line))
        elif rows:
            yield rows
            rows = []


def split_row(line: str) -> list[str]:
    """Return the cells of one line."""
    return [cell.strip() for cell in CELL_END.split(line.strip())[1:-1]]
