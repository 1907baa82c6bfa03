"""Find the line on which a key of a TOML document stands."""

import tomllib
from typing import Any

KeyPath = tuple[str | int, ...]


def find_line(text: str, key: KeyPath) -> int:
    """Return the 1-based line where the statement that sets `key` begins.

    A key that the document lacks is looked up as the table that should hold it. tomllib keeps no
    positions, so the text is parsed again, one line longer each time: the statement that sets a
    key begins after the last beginning of the text that was whole TOML without it.
    """
    lines = text.splitlines()
    while key and not has_key(parse_or_none(text), key):
        key = key[:-1]
    start = 1
    for end in range(1, len(lines) + 1) if key else ():
        document = parse_or_none("\n".join(lines[:end]))
        if document is None:
            continue
        if has_key(document, key):
            return start
        start = end + 1
    return 1


def find_open_end(text: str) -> int:
    """Return the 1-based line where the statement begins that runs into the end of the text."""
    lines = text.splitlines()
    for end in range(len(lines), 0, -1):
        if parse_or_none("\n".join(lines[:end])) is not None:
            return end + 1
    return 1


def parse_or_none(text: str) -> dict[str, Any] | None:
    """Parse TOML; None when the text is no whole document."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def has_key(document: Any, key: KeyPath) -> bool:
    """Tell whether the path of keys and indexes leads to a value."""
    for part in key:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
