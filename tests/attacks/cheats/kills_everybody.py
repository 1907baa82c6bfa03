"""Kills whatever it may, the number 1 of its jail first."""

import contextlib
import os
import signal

for pid in (1, os.getppid(), -1):
    for number in signal.valid_signals():
        with contextlib.suppress(OSError):
            os.kill(pid, number)
