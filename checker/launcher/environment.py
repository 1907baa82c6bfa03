"""The virtual environments of the course, the locks they come from, and whether they are whole."""

import os
from pathlib import Path

from checker.errors import CourseError

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = {  # name: folder, lock, megabytes on disk
    "judge": (".venv", "requirements.lock", 160),
    "app": (".venv-app", "locks/app.lock", 130),
    "authors": (".venv-authors", "locks/authors.lock", 810),
    "notebooks": (".venv-notebooks", "locks/notebooks.lock", 520),
}
# What each command needs; the first environment is the one that the command runs in.
LEARNERS_NEED = ("judge", "app")
AUTHORS_NEED = ("authors", "judge", "app")
NEEDED = {
    "board": ("judge",),
    "doctor": ("judge",),
    "hand": ("judge",),
    "join": ("judge",),
    "build": ("authors",),
    "lock": ("authors",),
    "notebook": ("judge", "notebooks"),
    "pictures": AUTHORS_NEED,
    "site": ("authors", "notebooks"),
    "test": (*AUTHORS_NEED, "notebooks"),
    "trust": AUTHORS_NEED,
    "verify": AUTHORS_NEED,
}
# The learner's code runs in these: they must not be able to import the checker.
WITHOUT_CHECKER = ("app", "notebooks")
STAMP_FORMAT = b"course environment, format 1"  # raise it when environments are made differently


class Environment:
    """One virtual environment, made from one lock.

    Its stamp, written last, holds the interpreter and all that it was made from, word for word. An
    environment with another stamp is half made, or made from another lock, or in a moved clone.
    """

    def __init__(self, name: str) -> None:
        folder, lock, self.megabytes = ENVIRONMENTS[name]
        self.name = name
        self.sees_checker = name not in WITHOUT_CHECKER
        self.folder = ROOT / folder
        self.lock = ROOT / lock
        self.stamp = self.folder / ".course-stamp"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def is_ready(self) -> bool:
        """Tell whether it was made to the end, here, from today's lock, by a Python still there."""
        made_from = self.describe()
        try:
            interpreter, _, stamped = self.stamp.read_bytes().partition(b"\n")
        except OSError:
            return False
        there = os.path.isfile(interpreter) and self.python.is_file()  # noqa: PTH113 - bytes
        return stamped == made_from and there

    def describe(self) -> bytes:
        """Return what the environment is made from, the interpreter apart."""
        try:
            return b"\n".join((STAMP_FORMAT, os.fsencode(ROOT), self.lock.read_bytes()))
        except FileNotFoundError:
            next_step = f'Restore it: git -C "{ROOT}" checkout -- "{self.lock}"'
            raise CourseError(f"the lock file is missing: {self.lock}", next_step) from None

    def write_stamp(self, interpreter: Path) -> None:
        """Record that the environment is whole, and which Python made it."""
        self.stamp.write_bytes(os.fsencode(interpreter) + b"\n" + self.describe())


def choose_environments(arguments: list[str]) -> list[Environment]:
    """Return what a command line needs, the environment that it runs in first."""
    command = find_command(arguments)
    wants_help = not command or not {"-h", "--help"}.isdisjoint(arguments)
    names = ("judge",) if wants_help else NEEDED.get(command, LEARNERS_NEED)
    return [Environment(name) for name in names]


def find_command(arguments: list[str]) -> str:
    """Return the first word that is no option, empty when there is none."""
    return next((word for word in arguments if not word.startswith("-")), "")
