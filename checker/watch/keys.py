"""Hear single keys on a terminal, without Enter."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 0.2  # seconds between two looks at whether to stop


@contextmanager
def heard_keys(press: Callable[[str], None]) -> Iterator[bool]:
    """Pass on every key that is pressed; yield whether there is a terminal to press one at."""
    if not sys.stdin or not sys.stdin.isatty():
        yield False
        return
    stopping = threading.Event()
    listen = listen_on_windows if sys.platform == "win32" else listen_on_terminal
    with open_terminal():
        thread = threading.Thread(target=listen, args=(press, stopping), daemon=True)
        thread.start()
        try:
            yield True
        finally:
            stopping.set()
            thread.join()


@contextmanager
def open_terminal() -> Iterator[None]:
    """Let keys come one by one and unseen; Ctrl-C still interrupts."""
    if sys.platform == "win32":
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def listen_on_terminal(press: Callable[[str], None], stopping: threading.Event) -> None:
    """Read keys until told to stop, or until the terminal is gone."""
    import os
    import select

    with contextlib.suppress(OSError):
        while not stopping.is_set():
            if select.select([sys.stdin], [], [], LOOK)[0]:
                key = os.read(sys.stdin.fileno(), 1)
                if not key:
                    return
                press(key.decode("ascii", "replace"))


def listen_on_windows(press: Callable[[str], None], stopping: threading.Event) -> None:
    """Read keys until told to stop."""
    if sys.platform == "win32":
        import msvcrt

        while not stopping.wait(LOOK):
            while msvcrt.kbhit():
                press(msvcrt.getwch())
