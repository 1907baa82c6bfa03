"""Tell what a .dockerignore leaves out, by the engine's own rules; git's are others."""

import re
from collections.abc import Iterator

MOST_STARS = 8  # in one pattern: each multiplies the work
STEP = re.compile(r"\*\*/?|\*|\?|\[[^\]]*\]|.")


def is_left_out(patterns: str, path: str) -> bool:
    """Tell whether a path of the context is left out: the last pattern that fits decides."""
    verdict = False
    for pattern, is_exception in read_patterns(patterns):
        if translate(pattern).fullmatch(path):
            verdict = not is_exception
    return verdict


def read_patterns(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each pattern, and whether it takes in again what an earlier one left out."""
    for line in text.removeprefix("\ufeff").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#") or pattern.count("*") > MOST_STARS:
            continue
        bare = pattern.removeprefix("!").strip()
        yield bare.strip("/").removeprefix("./"), pattern.startswith("!")


def translate(pattern: str) -> re.Pattern[str]:
    """Return what fits a path itself, and everything below a folder of that name."""
    whole = "".join(map(translate_step, STEP.findall(pattern)))
    try:
        return re.compile(f"{whole}(?:/.*)?" if pattern != "." else ".*", re.DOTALL)
    except re.error:  # an odd class of characters; the engine will complain about it
        return re.compile(r"(?!)")


def translate_step(step: str) -> str:
    """Return one sign of a pattern as a regular expression."""
    if step.startswith("**"):
        return "(?:.*/)?" if step.endswith("/") else ".*"
    if step in {"*", "?"}:
        return "[^/]*" if step == "*" else "[^/]"
    return step if step.startswith("[") else re.escape(step)
