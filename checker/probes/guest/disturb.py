"""Let the threads of an app get into each other's way at once, and not on one day in a hundred.

Two threads that look and then act collide only when the second looks in the microseconds between.
Here each thread pauses whenever the app's own code calls something, so that there is time for that.
Code that holds its lock meanwhile is only slower. Standard library only.
"""

import sys
import threading
import time
from types import FrameType
from typing import Any

VARIABLE = "COURSE_PAUSE_SECONDS"
LONG_PAUSES = 3  # of each thread: until all those that were asked at once have begun
LONGER = 8
MOST_PAUSES = 300  # of each thread; code that calls without end goes on at its own speed then


def pause_threads(folder: str, seconds: float) -> None:
    """Pause the threads that are started from now on at every call out of code in a folder.

    The event loop's own thread is left alone: there, nothing comes in between but at an `await`.
    """
    counts = threading.local()

    def pause(frame: FrameType, event: str, _argument: Any) -> None:
        caller = frame.f_back if event == "call" else frame if event == "c_call" else None
        if caller is None or not caller.f_code.co_filename.startswith(folder):
            return
        counts.made = getattr(counts, "made", 0) + 1
        if counts.made > MOST_PAUSES:
            sys.setprofile(None)
        time.sleep(seconds * (LONGER if counts.made <= LONG_PAUSES else 1))

    threading.setprofile(pause)
