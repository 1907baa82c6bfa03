"""What the comparison takes, and what it finds."""

import msgspec

Lines = tuple[int, int]


class Job(msgspec.Struct, frozen=True):
    """What to compare.

    Attributes:
        people: Texts by file and by submission.
        given: Texts that everybody was given, by file.
        least: The share, 0 to 1, from which on a pair is told.
    """

    people: dict[str, dict[str, str]]
    given: list[tuple[str, str]]
    least: float


class Passage(msgspec.Struct, frozen=True):
    """The same code in two files, by the lines where it begins and ends, counted from 1."""

    file: str
    lines: tuple[Lines, ...]
    other_file: str
    other_lines: tuple[Lines, ...]


class Pair(msgspec.Struct, frozen=True):
    """Two submissions.

    Attributes:
        share: Of the first one's own code, what the second has too, 0 to 1.
        other_share: The same of the second one's.
    """

    name: str
    other: str
    share: float
    other_share: float
    passages: tuple[Passage, ...]


class Found(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        pairs: The likest first.
        number: Of pairs that were like enough, told or not.
        skipped: Files that could not be taken apart.
    """

    pairs: tuple[Pair, ...]
    number: int
    skipped: tuple[str, ...]
