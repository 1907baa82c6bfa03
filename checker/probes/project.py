"""Read the files of the learner's app without running any of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

LONGEST_FILE = 1 << 20  # bytes; nothing that a learner writes by hand is longer


@dataclass(frozen=True)
class Project:
    """The copied app.

    Attributes:
        root: Holds `backend/` and whatever else the app consists of.
    """

    root: Path

    @property
    def backend(self) -> Path:
        """The backend's folder."""
        return self.root / "backend"

    def read(self, path: str) -> str | None:
        """Return a file's text, None when there is no such file."""
        file = self.root / path
        if not file.is_file() or file.stat().st_size > LONGEST_FILE:
            return None
        return file.read_text(encoding="utf-8", errors="replace")

    def list_files(self, under: str = ".", pattern: str = "*") -> list[Path]:
        """Return the files below a folder that match, in order."""
        return sorted(path for path in (self.root / under).rglob(pattern) if path.is_file())

    def name(self, path: Path) -> str:
        """Return the path as the learner knows it."""
        return path.relative_to(self.root).as_posix()

    def is_ignored(self, path: str) -> bool:
        """Tell whether git would leave out this path, going by the app's own .gitignore files.

        Git itself is not asked: its configuration in the app's folder could run programs.
        """
        verdict = False
        parts = path.rstrip("/").split("/")
        for depth in range(len(parts)):
            rules = self.read("/".join([*parts[:depth], ".gitignore"]))
            if rules is not None:
                below = "/".join(parts[depth:]) + ("/" if path.endswith("/") else "")
                result = GitIgnoreSpec.from_lines(rules.splitlines()).check_file(below)
                verdict = verdict if result.include is None else result.include
        return verdict

    def parse_modules(self, under: str) -> Iterator[tuple[str, ast.Module]]:
        """Yield the name and the syntax tree of every Python file that has no syntax error."""
        for path in self.list_files(under, "*.py"):
            text = self.read(self.name(path))
            try:
                yield self.name(path), ast.parse(text or "")
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
