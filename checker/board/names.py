"""Make what learners call themselves fit for a screen."""

import unicodedata

LONGEST_NAME = 40


def clean_name(name: str) -> str:
    """Return a name as one line that is what it looks like: nothing invisible, nothing reversed."""
    seen = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", name))
    seen = "".join(c for c in seen if not unicodedata.category(c).startswith("C"))
    shown = " ".join(seen.split())[:LONGEST_NAME].strip()
    return shown if any(c.isalnum() for c in shown) else ""
