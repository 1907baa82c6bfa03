"""Take entries of an archive one by one, and write those that may be taken."""

import posixpath
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol

from checker.grading.names import fold, is_left_out, normalise, show
from checker.grading.refusal import Limits, Refusal

CHUNK = 1 << 16


class Kind(Enum):
    """What an entry of an archive is."""

    FILE = "a file"
    FOLDER = "a folder"
    LINK = "a link"
    OTHER = "a device, a pipe or a hard link"


class Source(Protocol):
    """The content of a file in an archive."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""


@dataclass(frozen=True)
class Entry:
    """One entry, as the archive has it.

    Attributes:
        name: Not looked at yet.
        is_special: Whether it has the setuid, setgid or sticky bit.
        target: Of a link: the path that stands in it.
        content: Of a file.
    """

    name: str
    kind: Kind
    is_special: bool = False
    target: str = ""
    content: Source | None = None


@dataclass
class Writer:
    """Writes the entries of one archive below a folder that nobody else uses.

    Files are made anew, never replaced; no link and no right of the archive reaches the disk.

    Attributes:
        packed: Bytes of the archive.
    """

    target: Path
    limits: Limits
    packed: int
    entries: int = 0
    unpacked: int = 0
    files: dict[str, Path] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    links: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Write one entry, or keep a link for the end.

        Raises:
            Refusal: the entry must not be in a submission, or there is too much of them.
        """
        self.entries += 1
        if self.entries > self.limits.entries:
            raise Refusal(f"it has more than {self.limits.entries} entries")
        parts = normalise(entry.name, self.limits)
        if not parts or is_left_out(parts):
            return
        if entry.kind is Kind.OTHER:
            raise Refusal(f"{show(entry.name)} is {entry.kind.value}")
        if entry.is_special and entry.kind is Kind.FILE:
            raise Refusal(f"{show(entry.name)} has the setuid, setgid or sticky bit")
        if entry.kind is Kind.LINK:
            self.links[fold(parts)] = (parts, entry.target)
        elif entry.kind is Kind.FILE:
            self.write(parts, entry)

    def write(self, parts: tuple[str, ...], entry: Entry) -> None:
        """Write one file."""
        path = self.claim(parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            while data := entry.content.read(CHUNK) if entry.content else b"":
                self.unpacked += len(data)
                self.refuse_bomb()
                file.write(data)

    def claim(self, parts: tuple[str, ...]) -> Path:
        """Return the path of a file, which no other file or folder of the archive has.

        Raises:
            Refusal: one has, here or on a system that does not tell case apart.
        """
        folded = fold(parts)
        above = {fold(parts[:depth]) for depth in range(1, len(parts))}
        if folded in self.files or folded in self.folders or above & self.files.keys():
            raise Refusal(f"{show('/'.join(parts))} is there twice, on some systems at least")
        self.folders |= above
        path = self.target.joinpath(*parts)
        self.files[folded] = path
        if len(self.files) > self.limits.files:
            raise Refusal(f"it has more than {self.limits.files} files, environments left out")
        return path

    def refuse_bomb(self) -> None:
        """Raise when more came out than went in can account for."""
        if self.unpacked > self.limits.unpacked:
            raise Refusal(f"it holds more than {self.limits.unpacked >> 20} MiB")
        most = max(self.packed * self.limits.ratio, self.limits.small)
        if self.unpacked > most:
            raise Refusal(f"it unpacks to more than {self.limits.ratio} times its size")

    def finish(self) -> None:
        """Write a copy of its file for every link.

        Raises:
            Refusal: a link leads to no file of the submission, or to another link.
        """
        for parts, target in self.links.values():
            place = posixpath.normpath(posixpath.join(*parts[:-1], target.replace("\\", "/")))
            name = show("/".join(parts))
            if place.startswith(("/", "..")):
                raise Refusal(f"{name} is a link out of the submission")
            source = self.files.get(fold(normalise(place, self.limits)))
            if source is None:
                raise Refusal(f"{name} is a link to {show(target)}, which is no file of it")
            with source.open("rb") as content:
                self.write(parts, Entry(name, Kind.FILE, content=content))
