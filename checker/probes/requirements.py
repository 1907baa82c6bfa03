"""Read the learner's requirements.txt, and the files that it includes, as pip would."""

import re
from collections.abc import Iterator
from pathlib import Path

from checker.probes.text import decode_text

INCLUDE = re.compile(r"\s*(?:-r|--requirement|-c|--constraint)(?:\s*=?\s*)(?P<name>[^\s#]+)")
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
    for line in decode_text(path.read_bytes()).splitlines():
        if include := INCLUDE.match(line):
            is_constraint = bool(IS_CONSTRAINT.match(line))
            for inner, text in expand(file.parent / include["name"], root, (*above, path)):
                yield inner or is_constraint, text
        else:
            yield False, line
