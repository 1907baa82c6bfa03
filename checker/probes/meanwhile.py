"""Do something again and again, while something else goes on."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def repeat_meanwhile(act: Callable[[], object], period: float) -> Iterator[None]:
    """Call a function again and again in a thread, until the block is left; wait for the last call.

    Args:
        act: Must not raise.
        period: Seconds before each call.
    """
    is_over = threading.Event()

    def repeat() -> None:
        while not is_over.wait(period):
            act()

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
