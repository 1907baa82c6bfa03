"""Make one form of the names in an archive, and refuse those that lead elsewhere."""

import re
import unicodedata
from collections.abc import Iterable

from checker.grading.refusal import Limits, Refusal
from checker.probes.submission import LEFT_OUT_FOLDERS, is_secret_file

DRIVE = re.compile(r"[A-Za-z]:")
MADE_BY_MACOS = frozenset({"__MACOSX", ".DS_Store"})
LONGEST_PART = 255  # bytes, on every file system in use
LONGEST_SHOWN = 80


def normalise(name: str, limits: Limits) -> tuple[str, ...]:
    r"""Return the parts of an entry's path, in Unicode's form NFC; a `\` parts folders like a `/`.

    Raises:
        Refusal: it is no path below the archive's own folder.
    """
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = tuple(part for part in path.split("/") if part not in {"", "."})
    if path.startswith("/") or DRIVE.match(path) or ".." in parts:
        raise Refusal(f"{show(name)} leads out of the submission")
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Cf"} for sign in path):
        raise Refusal(f"{show(name)} has a character that cannot be seen in its name")
    if any(len(part.encode()) > LONGEST_PART for part in parts):
        raise Refusal(f"{show(name)} has a name of more than {LONGEST_PART} bytes")
    if len(parts) > limits.depth:
        raise Refusal(f"{show(name)} lies more than {limits.depth} folders deep")
    return parts


def is_left_out(parts: Iterable[str]) -> bool:
    """Tell whether a tool made the file, or git would not carry it: it is not even looked at."""
    return any(
        part in LEFT_OUT_FOLDERS or part in MADE_BY_MACOS or is_secret_file(part) for part in parts
    )


def fold(parts: Iterable[str]) -> str:
    """Return what a file system that does not tell case apart takes the path for."""
    return "/".join(unicodedata.normalize("NFKC", part).casefold() for part in parts)


def identify(name: str) -> str:
    """Return a name as roster, options and reports have it: whole, printable, in form NFC.

    Rosters and file systems write the same letters in either form.
    """
    return escape(unicodedata.normalize("NFC", name))


def show(name: str) -> str:
    """Return a name as it can be shown: short, and without anything that is not printable."""
    text = escape(name)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def escape(name: str) -> str:
    r"""Return a name with `\x1b` and the like for what is not printable."""
    plain = name.encode("utf-8", "backslashreplace").decode()
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in plain)
