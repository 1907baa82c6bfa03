"""Read the files of the learner's app without running any of them."""

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

from checker.probes.requirements import RequirementsError, read_requirements_file
from checker.probes.submission import find_secret_files
from checker.probes.text import decode_text
from checker.probes.tracked import list_tracked

LONGEST_FILE = 1 << 20  # bytes; nothing that a learner writes by hand is longer
LONGEST_MATCH = 10**8  # steps that matching one pattern with one path may take


class Project:
    """The app's files as they were before anything ran: no app can change what is looked at.

    Args:
        root: Holds `backend/` and whatever else the app consists of.
        original: What it was copied from; of what was not copied only the names are looked at.
    """

    def __init__(self, root: Path, original: Path) -> None:
        self.root = root
        self.secret_files = tuple(find_secret_files(original))
        self.tracked = list_tracked(original)
        self.requirements = load_requirements(root)
        self._files = dict(load_files(root))
        self._specs: dict[tuple[str, ...], GitIgnoreSpec] = {}

    @property
    def backend(self) -> Path:
        """The backend's folder."""
        return self.root / "backend"

    @property
    def texts(self) -> dict[str, str]:
        """The text of every file, by its path from the app's folder."""
        return {name: decode_text(data) for name, data in self._files.items()}

    def has(self, path: str) -> bool:
        """Tell whether there is a file of this path, or a folder with files in it."""
        return path in self._files or any(name.startswith(f"{path}/") for name in self._files)

    def read(self, path: str) -> str | None:
        """Return a file's text, None when there is no such file, or an enormous one."""
        data = self._files.get(path)
        return None if data is None else decode_text(data)

    def list_files(self, under: str = ".", suffix: str = "") -> list[Path]:
        """Return the files below a folder whose names end so, in order."""
        folder = self.root / under
        files = (self.root / name for name in self._files if name.endswith(suffix))
        return sorted(file for file in files if file.is_relative_to(folder))

    def name(self, path: Path) -> str:
        """Return the path as the learner knows it."""
        return path.relative_to(self.root).as_posix()

    def is_ignored(self, path: str) -> bool:
        """Tell whether git would leave out this path, going by the app's own .gitignore files.

        Git itself is not asked: its configuration in the app's folder could run programs.
        """
        parts = path.rstrip("/").split("/")
        folders = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
        # What lies in a folder that is left out cannot be taken in again.
        return any(self._is_matched(name) for name in (*folders, path))

    def _is_matched(self, path: str) -> bool:
        """Tell what the last rule that fits says: the rules of inner folders come last."""
        verdict = False
        parts = path.rstrip("/").split("/")
        for depth in range(len(parts)):
            if rules := self.read("/".join([*parts[:depth], ".gitignore"])):
                below = "/".join(parts[depth:]) + ("/" if path.endswith("/") else "")
                result = self._compile(rules, len(below)).check_file(below)
                verdict = verdict if result.include is None else result.include
        return verdict

    def _compile(self, rules: str, length: int) -> GitIgnoreSpec:
        """Return the rules that can be matched with a path of this length in reasonable time."""
        kept = tuple(rule for rule in rules.splitlines() if is_quick(rule, length))
        if kept not in self._specs:
            self._specs[kept] = GitIgnoreSpec.from_lines(kept)
        return self._specs[kept]

    def parse_modules(self, under: str) -> Iterator[tuple[str, ast.Module]]:
        """Yield the name and the syntax tree of every Python file that has no syntax error."""
        for path in self.list_files(under, ".py"):
            tree = parse(self.read(self.name(path)) or "")
            if tree is not None:
                yield self.name(path), tree


def load_requirements(root: Path) -> str | None:
    """Return backend/requirements.txt with what it includes, None when there is no such file."""
    file = root / "backend" / "requirements.txt"
    try:
        return read_requirements_file(file, root)[0] if file.is_file() else None
    except RequirementsError:
        return decode_text(file.read_bytes())


def is_quick(rule: str, length: int) -> bool:
    """Tell whether a rule of .gitignore has a sane number of stars: each multiplies the work."""
    stars: int = rule.replace("**", "*").count("*")
    return bool(length**stars < LONGEST_MATCH)


def parse(text: str) -> ast.Module | None:
    """Return the syntax tree, None when there is none; what it warns of is the learner's matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def load_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every file of reasonable size."""
    for path in root.rglob("*"):
        if path.is_file() and path.stat().st_size <= LONGEST_FILE:
            yield path.relative_to(root).as_posix(), path.read_bytes()
