"""Read the front matter of a Space's README.md, and refuse what the Hub refuses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
KITS = ("gradio", "docker", "static")
DEFAULT_PORT = 7860
LONGEST_DESCRIPTION = 60  # characters
FRONT = re.compile(
    r"\A\ufeff?\s*---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE
)
HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Card:
    """What the front matter says.

    Attributes:
        facts: By name.
        errors: Why the Hub would refuse it, a sentence each.
        warnings: What it would only remark.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def port(self) -> int:
        """The port that the app listens on."""
        return int(self.facts.get("app_port", DEFAULT_PORT))


def read_card(text: str) -> Card:
    """Read a README.md."""
    found = FRONT.match(text)
    if found is None:
        return Card(warnings=("empty or missing yaml metadata in repo card",))
    try:
        facts = yaml.safe_load(found["yaml"]) or {}
    except yaml.YAMLError as error:
        return Card(errors=(f"YAML cannot be read: {' '.join(str(error).split())}",))
    if not isinstance(facts, dict):
        return Card(errors=("the metadata must be a list of names and values",))
    return Card(facts, tuple(find_errors(facts)))


def find_errors(facts: dict[str, Any]) -> Iterator[str]:
    """Yield what the Hub refuses in the metadata of a Space."""
    if facts.get("sdk") not in KITS:
        yield f'"sdk" must be one of [{", ".join(KITS)}]'
    for name in ("colorFrom", "colorTo"):
        if name in facts and facts[name] not in COLOURS:
            yield f'"{name}" must be one of [{", ".join(COLOURS)}]'
    if "title" in facts and not isinstance(facts["title"], str):
        yield '"title" must be a string'
    if "emoji" in facts and not is_emoji(facts["emoji"]):
        yield '"emoji" must be an emoji'
    if "app_port" in facts and not is_port(facts["app_port"]):
        yield '"app_port" must be a number of a port'
    description = facts.get("short_description", "")
    if not isinstance(description, str) or len(description) > LONGEST_DESCRIPTION:
        yield f'"short_description" must be at most {LONGEST_DESCRIPTION} characters'


def is_emoji(value: object) -> bool:
    """Tell whether a value may be one: no letters, no digits, not longer than such signs are."""
    most = 12  # a family of four is a row of signs and joiners
    return isinstance(value, str) and 0 < len(value) <= most and not value.isascii()


def is_port(value: object) -> bool:
    """Tell whether a value is a port's number; of yes, YAML makes a boolean, which is no number."""
    return type(value) is int and 0 < value <= HIGHEST_PORT
