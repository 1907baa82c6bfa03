"""Stops its host, so that nobody hears of its end."""

import contextlib
import os
import signal

with contextlib.suppress(OSError):
    os.kill(os.getppid(), signal.SIGSTOP)
os._exit(0)
