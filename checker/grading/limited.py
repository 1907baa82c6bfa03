"""Limit what this process, and programs that it begins, take while they read what is hostile."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

MOST_MEMORY = 2 << 30  # bytes
LONGEST_FILE = 256 << 20  # bytes: more than the largest archive that is taken


@contextmanager
def limited() -> Iterator[None]:
    """Let what makes its reader eat memory or fill the disk be a broken archive (not on Windows).

    Who unpacks counts what all files hold together.
    """
    if sys.platform == "win32":
        yield
        return
    import resource

    wanted = {resource.RLIMIT_AS: MOST_MEMORY, resource.RLIMIT_FSIZE: LONGEST_FILE}
    before = {kind: resource.getrlimit(kind) for kind in wanted}
    try:
        for kind, most in wanted.items():
            resource.setrlimit(kind, (most, before[kind][1]))
        yield
    finally:
        for kind, limits in before.items():
            resource.setrlimit(kind, limits)
