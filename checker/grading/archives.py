"""Read zip and tar archives that may be hostile."""

import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self, cast

from checker.grading.entries import Entry, Kind, Writer
from checker.grading.names import show
from checker.grading.refusal import Limits, Refusal

ZIP = (".zip",)
TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
OPENERS: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
BROKEN = (
    *(EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError, MemoryError),
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, OverflowError),
)
ENCRYPTED = 0x1
HEADERS = frozenset(
    {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}
    | {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
)
LONGEST_HEADER = 1 << 20


def unpack(archive: Path, target: Path, limits: Limits) -> None:
    """Write the files of an archive below a folder.

    Raises:
        Refusal: it is broken or hostile; what was written so far is to be thrown away.
    """
    packed = archive.stat().st_size
    if packed > limits.packed:
        raise Refusal(f"the archive has more than {limits.packed >> 20} MiB")
    writer = Writer(target, limits, packed)
    name = archive.name.lower()
    entries = read_zip(archive) if name.endswith(ZIP) else read_tar_file(archive, limits)
    take_all(entries, writer)


def take_all(entries: Iterator[Entry], writer: Writer) -> None:
    """Write entries; what their reader stumbles over is a broken archive.

    Raises:
        Refusal: it is broken or hostile.
    """
    try:
        for entry in entries:
            writer.take(entry)
        writer.finish()
    except Refusal:
        raise
    except BROKEN as error:
        raise Refusal(f"the archive is broken: {show(str(error) or type(error).__name__)}") from (
            error
        )


def read_zip(archive: Path) -> Iterator[Entry]:
    """Yield the entries of a zip archive."""
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            mode = info.external_attr >> 16
            if info.flag_bits & ENCRYPTED:
                raise Refusal("the archive is encrypted")
            kind = find_kind(mode, is_folder=info.is_dir())
            if kind is not Kind.FILE and kind is not Kind.LINK:
                yield Entry(info.filename, kind)
                continue
            with opened.open(info) as content:
                target = read_target(content) if kind is Kind.LINK else ""
                yield Entry(info.filename, kind, is_special(mode), target, content)


def read_target(content: IO[bytes]) -> str:
    """Return the path that a link holds: in a zip archive it is the link's content."""
    return content.read(4096).decode("utf-8", "replace")


def find_kind(mode: int, *, is_folder: bool) -> Kind:
    """Return what the mode of a zip entry says; Windows and many tools leave it out."""
    if is_folder or stat.S_ISDIR(mode):
        return Kind.FOLDER
    if stat.S_ISLNK(mode):
        return Kind.LINK
    return Kind.FILE if stat.S_IFMT(mode) in {0, stat.S_IFREG} else Kind.OTHER


def is_special(mode: int) -> bool:
    """Tell whether a mode has one of the bits above the rights."""
    return bool(mode & (stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX))


def read_tar_file(archive: Path, limits: Limits) -> Iterator[Entry]:
    """Yield the entries of a tar archive, whatever it is packed with."""
    with open_packed(archive) as stream:
        yield from read_tar(stream, limits)


@contextmanager
def open_packed(archive: Path) -> Iterator[IO[bytes]]:
    """Open what is in a packed file; how it is packed is read from its first bytes."""
    with archive.open("rb") as file:
        opener = OPENERS.get(file.read(2))
    with opener(archive, "rb") if opener else archive.open("rb") as stream:
        yield cast("IO[bytes]", stream)


def read_tar(stream: IO[bytes], limits: Limits) -> Iterator[Entry]:
    """Yield the entries of a tar stream, in one pass: nothing is looked for twice."""
    counted = cast("IO[bytes]", CountedReader(stream, limits.read))
    with tarfile.open(fileobj=counted, mode="r|", tarinfo=Member) as opened:
        for member in opened:
            opened.members = []  # type: ignore[attr-defined]  # it would keep every one
            kind = find_tar_kind(member)
            content = opened.extractfile(member) if kind is Kind.FILE else None
            yield Entry(member.name, kind, is_special(member.mode), member.linkname, content)


def find_tar_kind(member: tarfile.TarInfo) -> Kind:
    """Return what a tar entry is; a sparse file can be as large as it says, out of nothing."""
    if member.isdir():
        return Kind.FOLDER
    if member.issym():
        return Kind.LINK
    return Kind.FILE if member.isreg() and not member.issparse() else Kind.OTHER


class Member(tarfile.TarInfo):
    """An entry whose own headers have a sane length: they are read as a whole."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read the first block of an entry."""
        member = super().frombuf(buf, encoding, errors)
        if member.type in HEADERS and member.size > LONGEST_HEADER:
            raise Refusal("it has a header that is far too long")
        return member


class CountedReader:
    """A stream that gives no more than so many bytes.

    Args:
        stream: What is read.
        most: Bytes in all.
    """

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._left = most

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes."""
        if self._left <= 0:
            raise Refusal("it unpacks to far more than a submission can need")
        data = self._stream.read(size)
        self._left -= len(data)
        return data
