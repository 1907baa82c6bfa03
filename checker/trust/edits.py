"""One small change to a file of a right app, and what it is known by."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff


@dataclass(frozen=True)
class Edit:
    """Bytes of a file that are replaced.

    Attributes:
        operator: What kind of change it is.
        start: Where the bytes begin.
        end: Where they end.
        new: What stands there instead.
    """

    operator: str
    start: int
    end: int
    new: bytes

    def apply(self, source: bytes) -> bytes:
        """Return the changed file."""
        return source[: self.start] + self.new + source[self.end :]


@dataclass(frozen=True)
class Mutant:
    """A right app with one edit.

    Attributes:
        id: Stays the same when lines are added elsewhere in the file.
        file: The path in the app.
        operator: See `Edit`.
        change: The lines that differ, as a diff shows them.
        content: The whole changed file.
    """

    id: str
    file: str
    operator: str
    change: str
    content: bytes


def make_mutants(file: str, source: bytes, edits: Iterable[Edit]) -> Iterator[Mutant]:
    """Yield a mutant for each edit that leads to a file of its own."""
    seen = {source}
    known: dict[tuple[str, str], int] = {}
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end, edit.operator)):
        content = edit.apply(source)
        if content in seen:
            continue
        seen.add(content)
        change = describe_change(source, content)
        known[edit.operator, change] = count = known.get((edit.operator, change), 0) + 1
        text = f"{file}\n{edit.operator}\n{change}\n{count}"
        name = hashlib.sha256(text.encode()).hexdigest()[:10]
        yield Mutant(name, file, edit.operator, change, content)


def describe_change(old: bytes, new: bytes) -> str:
    """Return the lines that differ, each behind its sign."""
    before, after = (text.decode("utf-8", "replace").splitlines() for text in (old, new))
    found = unified_diff(before, after, n=0, lineterm="")
    return "\n".join(line for line in found if not line.startswith(("---", "+++", "@@")))
