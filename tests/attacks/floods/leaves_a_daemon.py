"""Leaves a process behind that has left its session, its parent and its name."""

import ctypes
import os
import time

for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        ctypes.CDLL(None).prctl(15, b"kworker/0:0", 0, 0, 0)
        os.environ.clear()
        os.chdir("/")
        while True:
            time.sleep(3600)
raise RuntimeError("gone")
