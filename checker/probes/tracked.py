"""Read from a git repository which files it carries, without running git."""

import struct
from collections.abc import Iterator
from pathlib import Path

HEADER = struct.Struct(">4sLL")
ENTRY = 62  # bytes before the name; gitformat-index(5)
EXTENDED = 0x4000


def list_tracked(folder: Path) -> tuple[str, ...]:
    """Return the paths that the repository in this folder carries; none when there is none."""
    try:
        return tuple(read_index((folder / ".git" / "index").read_bytes()))
    except (OSError, ValueError, struct.error):
        return ()


def read_index(index: bytes) -> Iterator[str]:
    """Yield the paths of an index of version 2 or 3; git writes no other unless it is told to."""
    signature, version, count = HEADER.unpack_from(index)
    if signature != b"DIRC" or version not in {2, 3}:
        return
    start = HEADER.size
    for _ in range(count):
        (flags,) = struct.unpack_from(">H", index, start + ENTRY - 2)
        name = start + ENTRY + (2 if flags & EXTENDED else 0)
        end = index.index(b"\0", name)
        yield index[name:end].decode("utf-8", "replace")
        start += (end - start) // 8 * 8 + 8
