"""Indent what belongs to an item of a list as Python-Markdown wants it: by four spaces.

GitHub takes the width of the item's mark, two spaces after `- `; the texts are read in both places.
"""

import re
from collections.abc import Iterator

ITEM = re.compile(r"(?:[-*]|\d+\.) +")
FENCE = re.compile(r"`{3,}")
WANTED = 4


def indent_lists(text: str) -> str:
    """Return a page's Markdown with the contents of its lists indented for Python-Markdown."""
    return "\n".join(shift_items(text.split("\n")))


def shift_items(lines: list[str]) -> Iterator[str]:
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
        yield " " * shift + line if line and indent >= width else line


def follow_fence(line: str, fence: str) -> str:
    """Return the marks that end the block of code that is open after a line; empty outside."""
    found = FENCE.match(line)
    if fence:
        return "" if found and found[0] == fence and line.strip() == fence else fence
    return found[0] if found else ""
