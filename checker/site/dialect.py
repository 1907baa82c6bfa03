"""Turn what GitHub reads as Markdown into what Python-Markdown does: texts are read in both places.

What belongs to an item of a list is indented by the width of the item's mark there, by four spaces
here. A bar in code in a table is escaped there, and not here.
"""

import re
from collections.abc import Iterator

ITEM = re.compile(r"(?:[-*]|\d+\.) +")
FENCE = re.compile(r"`{3,}")
CODE = re.compile(r"`[^`]*`")
WANTED = 4


def translate(text: str) -> str:
    """Return a page's Markdown as Python-Markdown reads it."""
    return "\n".join(translate_lines(text.split("\n")))


def translate_lines(lines: list[str]) -> Iterator[str]:
    """Yield the lines; those of an item that are indented by less than four spaces move."""
    width = shift = 0  # of the mark of the item that the lines belong to; 0 outside of lists
    fence = ""
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if line and not indent:
            item = None if fence else ITEM.match(line)
            width, shift = (item.end(), 0) if item else (0, 0)
            fence = follow_fence(line, fence)
        elif line and width and not shift and width <= indent < WANTED:
            shift = WANTED - width
        moved = " " * shift + line if line and indent >= width else line
        yield moved if fence else free_bars(moved)


def follow_fence(line: str, fence: str) -> str:
    """Return the marks that end the block of code that is open after a line; empty outside."""
    found = FENCE.match(line)
    if fence:
        return "" if found and found[0] == fence and line.strip() == fence else fence
    return found[0] if found else ""


def free_bars(line: str) -> str:
    """Return a row of a table with the bars in its code as they are meant; any other line as is."""
    if not line.lstrip().startswith("|"):
        return line
    return CODE.sub(lambda code: code[0].replace(r"\|", "|"), line)
