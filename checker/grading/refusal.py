"""The one error for a submission that cannot be taken, and what a submission may hold."""

from dataclasses import dataclass


class Refusal(Exception):  # noqa: N818 - it is an answer to the learner, no fault of the course
    """A submission is refused; the batch goes on.

    Args:
        reason: Why, as a fact that its author can do something about.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """What one submission may hold, what tools made left out.

    Attributes:
        packed: Bytes of the archive.
        entries: Entries of the archive, those included that are left out.
        files: Files that are taken.
        unpacked: Bytes of all of them.
        read: Bytes that are unpacked while the rest is looked for.
        ratio: How many times larger than the archive its files may be, from `small` bytes on.
        depth: Folders inside one another.
    """

    packed: int = 200 << 20
    entries: int = 200_000
    files: int = 5000
    unpacked: int = 100 << 20
    read: int = 2 << 30
    ratio: int = 100
    small: int = 4 << 20
    depth: int = 24
