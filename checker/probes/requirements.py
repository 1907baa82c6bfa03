"""Read the learner's requirements.txt, and the files that it includes, as pip would."""

import re
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from checker.probes.text import decode_text

INCLUDE = re.compile(r"\s*(?:-r|--requirement|-c|--constraint)\s*(?:=\s*)?(?P<name>[^\s#]+)")
COMMENT = re.compile(r"(?:^|\s)#.*")
IS_CONSTRAINT = re.compile(r"\s*(?:-c|--constraint)")
LONGEST_FILE = 1 << 20  # bytes
MEND_PACKAGE = "Correct the name or the version of that package."


class RequirementsError(Exception):
    """The app's requirements.txt cannot be installed; the text says why.

    Attributes:
        next_step: What to do about it.
    """

    def __init__(self, problem: str, next_step: str = MEND_PACKAGE) -> None:
        super().__init__(problem)
        self.next_step = next_step


def read_requirements_file(file: Path, root: Path) -> tuple[str, str]:
    """Return the requirements and the constraints, what is included put in its place.

    Args:
        file: requirements.txt.
        root: The app; an included file must lie in it.

    Raises:
        RequirementsError: a file that is included is not there.
    """
    lines = list(expand(file, root, ()))
    wanted = "".join(f"{line}\n" for is_constraint, line in lines if not is_constraint)
    return wanted, "".join(f"{line}\n" for is_constraint, line in lines if is_constraint)


def expand(file: Path, root: Path, above: tuple[Path, ...]) -> Iterator[tuple[bool, str]]:
    """Yield every line, and whether it only constrains."""
    path = file.resolve()
    name = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
    if path in above:
        raise RequirementsError(f"{name} includes itself")
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise RequirementsError(f"there is no file {name}, which another one includes")
    if path.stat().st_size > LONGEST_FILE:
        raise RequirementsError(f"{name} is larger than {LONGEST_FILE >> 20} MiB")
    for number, line in enumerate(decode_text(path.read_bytes()).splitlines(), start=1):
        if include := INCLUDE.match(line):
            is_constraint = bool(IS_CONSTRAINT.match(line))
            for inner, text in expand(file.parent / include["name"], root, (*above, path)):
                yield inner or is_constraint, text
        else:
            refuse_odd(line, f"{name}, line {number}")
            yield False, line


def refuse_odd(line: str, place: str) -> None:
    """Refuse what is no package by its name: an address or a folder could run any code of its own.

    Raises:
        RequirementsError: the line is an option, an address or no requirement at all.
    """
    bare = strip_line(line)
    if not bare or bare.startswith("--hash"):
        return
    if bare.startswith("-"):
        raise RequirementsError(
            f"{place}: the option {bare.split()[0]} is not taken",
            "Leave it out: the packages come from where this machine gets all of them.",
        )
    try:
        requirement = Requirement(bare)
    except InvalidRequirement as error:
        raise RequirementsError(
            f"{place}: {bare} names no package",
            "Write a package and its version, with two equals signs: fastapi==0.165.0",
        ) from error
    if requirement.url:
        raise RequirementsError(
            f"{place}: {requirement.name} comes from an address",
            f"Name a released version instead: {requirement.name}==1.2.3",
        )


def strip_line(line: str) -> str:
    """Return a line without its comment, its hashes and the mark that it goes on."""
    bare = COMMENT.sub("", line)
    return bare.split(" --hash", maxsplit=1)[0].strip().rstrip("\\").strip()
