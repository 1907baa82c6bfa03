"""Takes memory that several processes have in common, so that none has it for itself."""

import mmap
import os

size = 64 << 20
held = []
for _ in range(24):
    held.append(mmap.mmap(-1, size))
    if len(held) < 3:
        os.fork()
    held[-1].write(bytes(size))
raise RuntimeError("it was not ended")
