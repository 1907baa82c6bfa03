"""The name of a new app, in the forms in which it is used."""

import re
from dataclasses import dataclass

from checker.errors import UsageError

LONGEST = 30  # characters: a Space's short description takes 60, and has other words too
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Names that others take for something else.
TAKEN_BY_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
TAKEN_BY_POSTGRES = frozenset({"postgres", "template0", "template1", "public", "none", "user"})
TAKEN_BY_WINDOWS = frozenset({"con", "prn", "aux", "nul"})
PORTS_OF_WINDOWS = re.compile(r"(com|lpt)\d")


@dataclass(frozen=True)
class AppName:
    """One name, such as `shopping-list`."""

    slug: str

    @property
    def title(self) -> str:
        """As people read it: `Shopping list`."""
        return self.slug.replace("-", " ").capitalize()

    @property
    def identifier(self) -> str:
        """As a database takes it without quotes: `shopping_list`."""
        return self.slug.replace("-", "_")


def choose_name(text: str) -> AppName:
    """Return the name, if it can be one everywhere.

    Raises:
        UsageError: it cannot.
    """
    if not NAME.fullmatch(text) or len(text) > LONGEST:
        raise UsageError(
            f'"{text}" cannot be the name of an app',
            f"Give up to {LONGEST} small letters, digits and single hyphens, a letter first, "
            "for example: ./course new shopping-list",
        )
    if is_taken(text):
        raise UsageError(
            f'"{text}" means something else to YAML, PostgreSQL or Windows',
            f"Give it one word more, for example: ./course new {text}-app",
        )
    return AppName(text)


def is_taken(text: str) -> bool:
    """Tell whether the name means something else to what the app is made of, or runs on."""
    is_reserved = text.startswith("pg-") or PORTS_OF_WINDOWS.fullmatch(text) is not None
    return is_reserved or text in TAKEN_BY_YAML | TAKEN_BY_POSTGRES | TAKEN_BY_WINDOWS
