"""Read docs/trust/survivors.toml: mutants that need not be found, each with the reason."""

import tomllib
from enum import StrEnum
from pathlib import Path

import msgspec

from checker.trust.edits import Mutant

FOLDER = Path("docs", "trust")
EXCUSES = FOLDER / "survivors.toml"


class Why(StrEnum):
    """Why a mutant need not be found."""

    EQUIVALENT = "equivalent"  # it does what the solution does, for whoever looks from outside
    FREE = "free"  # it does something else, and the contract leaves that open
    UNSEEN = "unseen"  # it is wrong, and no check can or does tell: it stays in the score


class Excuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The reason that some mutants share.

    Attributes:
        file: The path in the app.
        text: A text of the lines that differ.
        reason: A sentence.
        operator: The kind of change; empty for any.
        is_all: Whether the text is all that differs.
    """

    file: str
    text: str
    why: Why
    reason: str
    operator: str = ""
    is_all: bool = False

    def fits(self, mutant: Mutant) -> bool:
        """Tell whether a mutant is one of these."""
        if mutant.file != self.file or self.operator not in {"", mutant.operator}:
            return False
        return self.text == mutant.change if self.is_all else self.text in mutant.change


def read_excuses(file: Path) -> tuple[Excuse, ...]:
    """Return the excuses in order; none when there is no such file."""
    table = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return msgspec.convert(tuple(table.get("excused", ())), tuple[Excuse, ...])


def find_excuse(mutant: Mutant, excuses: tuple[Excuse, ...]) -> int:
    """Return which excuse is the first that fits, counted from 1; 0 when none does."""
    return next((n for n, excuse in enumerate(excuses, 1) if excuse.fits(mutant)), 0)
