"""Keep verdicts by what was judged, so that a second run judges only what is new."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from checker.paths import CoursePaths
from checker.probes.submission import list_app_files


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of the checks came to.

    Attributes:
        judge: Which version of the checks it was, as `hash_judge` writes it.
        code: The exit code.
        seconds: Wall time of the run.
        seed: Repeats its random inputs.
        outcomes: How each check ended, by its id; after a run that stops early, those that had.
        first: The check whose failure is shown first, empty when there is none.
        shown: What its finding says.
    """

    judge: str
    code: int
    seconds: float
    seed: int
    outcomes: dict[str, str]
    first: str = ""
    shown: str = ""


class Shelf:
    """The verdicts of one kind, below `.cache/trust/`.

    Args:
        paths: The course's folders.
        kind: What is judged: `right`, `wrong`, `mutants`, `repeats`.
        lesson: The lesson whose checks judge.
    """

    def __init__(self, paths: CoursePaths, kind: str, lesson: int) -> None:
        self._folder = paths.cache / "trust" / kind / f"{lesson:02}"

    def find(self, key: str) -> Verdict | None:
        """Return the verdict on what has this key, if there is one."""
        file = self._folder / f"{key}.json"
        return msgspec.json.decode(file.read_bytes(), type=Verdict) if file.exists() else None

    def put(self, key: str, verdict: Verdict) -> None:
        """Keep a verdict."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{key}.json").write_bytes(msgspec.json.encode(verdict))

    def is_empty(self) -> bool:
        """Tell whether no verdict is kept."""
        return not any(self._folder.glob("*.json"))


def hash_app(app: Path) -> str:
    """Return a short hash of the files that the judge would copy, with their paths."""
    return hash_files(sorted(path for path in list_app_files(app) if path.is_file()), app)


def hash_files(files: Iterable[Path], folder: Path | None = None) -> str:
    """Return a short hash of files, and of their paths in the folder or else of their names."""
    total = hashlib.sha256()
    for file in files:
        name = file.relative_to(folder).as_posix() if folder else file.name
        total.update(f"{name}\0{file.stat().st_size}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()[:12]
