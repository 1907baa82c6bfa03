"""Make what learners call themselves fit for a screen."""

import unicodedata

LONGEST_NAME = 40
BLANKS = frozenset("\u115f\u1160\u3164\uffa0")  # letters, by their category, that show nothing


def clean_name(name: str) -> str:
    """Return a name as one line that is what it looks like: nothing invisible, nothing reversed."""
    seen = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", name))
    seen = "".join(c for c in seen if c not in BLANKS and unicodedata.category(c)[0] != "C")
    shown = " ".join(seen.split())[:LONGEST_NAME].strip()
    return shown if any(c.isalnum() for c in shown) else ""
