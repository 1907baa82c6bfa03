"""Build an app that the judge is tested with.

A wrong app is its base with the edits that its specification lists. A right app lies there whole,
or is a frontend alone, to which the solution's backend is added. Run this to look at one:
`python tests/apps/build_app.py 01/lifespan_not_passed DIR`.
"""

import shutil
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

APPS = Path(__file__).resolve().parent
ROOT = APPS.parent.parent
SOLUTION = "solution"


@dataclass(frozen=True)
class WrongApp:
    """One mistake that people make, and how the judge must answer it.

    Attributes:
        lesson: The checks of lessons 1 to this one are run.
        title: The mistake, as a sentence.
        base: `solution`, `starter` or `right/NN/<name>`: the app that the mistake is made in.
        fails: Ids of exactly the checks that end as failed.
        first: The failure that the report shows first.
        shows: A text that the first failure's finding holds.
        edits: Tables of file, old, new.
        files: Tables of path, content.
        remove: Paths that the base has and this app has not.
    """

    lesson: int
    title: str
    base: str
    fails: tuple[str, ...]
    first: str
    shows: str
    edits: tuple[Mapping[str, str], ...]
    files: tuple[Mapping[str, str], ...]
    remove: tuple[str, ...]


def read_wrong(spec: Path) -> WrongApp:
    """Read a specification; the folder that it lies in is the lesson's number."""
    table: dict[str, Any] = tomllib.loads(spec.read_text(encoding="utf-8"))
    table |= {name: tuple(table.get(name, ())) for name in ("fails", "edits", "files", "remove")}
    return WrongApp(lesson=int(spec.parent.name), **table)


def build_wrong(spec: Path, target: Path) -> WrongApp:
    """Write the app into a folder that does not exist yet, and return its specification.

    Raises:
        ValueError: the text of an edit does not occur exactly once.
    """
    wrong = read_wrong(spec)
    copy_app(find_base(wrong), target)
    for name in wrong.remove:
        remove(target / name)
    for edit in wrong.edits:
        replace(target / edit["file"], edit["old"], edit["new"])
    for file in wrong.files:
        path = target / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["content"], encoding="utf-8")
    return wrong


def find_base(wrong: WrongApp) -> Path:
    """Return the folder of the app that the mistake is made in."""
    if wrong.base == SOLUTION:
        return find_solution(wrong.lesson)
    if wrong.base == "starter":
        return next((ROOT / "lessons").glob(f"{wrong.lesson:02}-*")) / "starter"
    return APPS / wrong.base


def find_solution(lesson: int) -> Path:
    """Return the folder of the whole app after a lesson."""
    return next((ROOT / "solutions").glob(f"{lesson:02}-*"))


def copy_app(app: Path, target: Path) -> Path:
    """Copy an app into a folder that does not exist yet, and return that.

    A right app that is a frontend alone gets all the rest of its lesson's solution. One with a file
    OVER differs in some files only from what its first line names: `solution`, or the pages of
    another right app, such as `04/minimal`, on the solution's backend. Its other lines are paths
    that the base has and this app has not.
    """
    over, left_out = read_over(app)
    if over == SOLUTION:
        shutil.copytree(find_solution(int(app.parent.name)), target)
    elif over or not (app / "backend").is_dir():
        without = shutil.ignore_patterns("frontend")
        shutil.copytree(find_solution(int(app.parent.name)), target, ignore=without)
    if over and over != SOLUTION:
        lay_over(APPS / "right" / over, target)
    for path in left_out:
        remove(target / path)
    return lay_over(app, target)


def read_over(app: Path) -> tuple[str, list[str]]:
    """Return what an app is laid over, empty when it names nothing, and the paths left out of it.

    Raises:
        ValueError: there is no such app.
    """
    file = app / "OVER"
    lines = file.read_text(encoding="utf-8").split() if file.exists() else []
    named, left_out = "".join(lines[:1]), lines[1:]
    if named not in {"", SOLUTION} and not (APPS / "right" / named).is_dir():
        raise ValueError(f"{file}: there is no base {named}")
    return named, left_out


def lay_over(app: Path, target: Path) -> Path:
    """Copy an app's own files into a folder, and return that."""
    without = shutil.ignore_patterns("OVER", "ABOUT")
    return shutil.copytree(app, target, dirs_exist_ok=True, ignore=without)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that it holds."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def replace(file: Path, old: str, new: str) -> None:
    """Put a text in the place of another that the file has exactly once."""
    text = file.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{file}: {text.count(old)} times instead of once:\n{old}")
    file.write_text(text.replace(old, new), encoding="utf-8")


def list_wrong() -> list[Path]:
    """Return the specifications of every lesson, in order."""
    return sorted(APPS.glob("wrong/*/*.toml"))


def list_right() -> list[Path]:
    """Return the folders of the right apps of every lesson, in order."""
    return sorted(path.parent for path in APPS.glob("right/*/*/ABOUT"))


def build_right(app: Path, target: Path) -> Path:
    """Return the folder of a right app, copied only when it does not lie there whole."""
    is_whole = (app / "backend").is_dir() and not (app / "OVER").exists()
    return app if is_whole else copy_app(app, target)


def name_app(path: Path) -> str:
    """Return `01/<name>` for a specification or a folder."""
    return f"{path.parent.name}/{path.stem}"


def main(arguments: list[str]) -> int:
    """Build the named app and say what is wrong with it, if anything."""
    if len(arguments) != 2 or "/" not in arguments[0]:
        print("usage: build_app.py NN/NAME DIR", file=sys.stderr)  # noqa: T201 - a program
        return 2
    right, target = APPS / "right" / arguments[0], Path(arguments[1])
    if right.is_dir():
        copy_app(right, target)
        return 0
    wrong = build_wrong(APPS / "wrong" / f"{arguments[0]}.toml", target)
    print(f"{wrong.title}: fails {', '.join(wrong.fails)}")  # noqa: T201 - a program
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
