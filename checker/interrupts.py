"""End in one way, whoever asks: Ctrl-C, or a request to end."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# SIGHUP comes when the terminal's window is closed; Windows has none.
ENDINGS = [number for number in signal.Signals if number.name in {"SIGTERM", "SIGHUP"}]


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Treat a request to end like Ctrl-C, so that everything is cleaned up.

    What is ignored stays so: `nohup` wants it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, interrupt)
        for number in ENDINGS
        if signal.getsignal(number) != signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Let an interrupt wait until a step is done that must not be torn.

    Interrupts reach the main thread alone: in any other there is nothing to wait for. One step may
    hold another: then the interrupt waits for the whole.

    Raises:
        KeyboardInterrupt: at the end, when one came meanwhile.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {
        int(number): signal.signal(number, lambda number, _frame: came.append(number))
        for number in (signal.SIGINT, *ENDINGS)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in came:
        answer(number, before[number])


def answer(number: int, handler: signal.Handlers | Callable[..., Any] | int | None) -> None:
    """Do what the handler of a signal does; where there is none, end as after Ctrl-C."""
    if callable(handler):
        handler(number, None)
    elif handler != signal.SIG_IGN:
        raise KeyboardInterrupt
