"""Run checks by order, in a process that has imported all of them before the first order comes.

Started as `python -m checker.watch.worker`. Orders come over standard input; when that closes, the
run that is on is interrupted, cleans up as after Ctrl-C, and the process ends.
"""

import contextlib
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from checker.errors import CourseError
from checker.judge.run import RunRequest, run_checks
from checker.paths import CoursePaths
from checker.watch.messages import Answer, Order, read, write
from checker.watch.quarters import WarmQuarters


def main() -> None:
    """Obey until nobody gives orders any more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else gets among the answers
    import_checks()
    orders: queue.Queue[bytes] = queue.Queue()
    is_busy = threading.Event()
    threading.Thread(target=receive, args=(orders, is_busy), daemon=True).start()
    with WarmQuarters() as quarters, contextlib.suppress(KeyboardInterrupt):
        while line := orders.get():
            is_busy.set()
            obey(read(line, Order), quarters, answers)
            is_busy.clear()


def import_checks() -> None:
    """Import what takes a while, all checks among it."""
    import checker.checks.page_fixtures
    import checker.judge.ground
    import checker.judge.plugin
    import checker.probes.node.site  # noqa: F401 - to be there when it is needed
    from checker.judge.plan import list_checks

    list_checks()


def receive(orders: "queue.Queue[bytes]", is_busy: threading.Event) -> None:
    """Pass orders on; when there will be no more, interrupt what is being done."""
    for line in sys.stdin.buffer:
        orders.put(line)
    orders.put(b"")
    if is_busy.is_set():
        interrupt_main()


def interrupt_main() -> None:
    """Interrupt the main thread as Ctrl-C would, also in the middle of a wait."""
    if sys.platform == "win32":
        import _thread

        _thread.interrupt_main()
    else:
        main_thread = threading.main_thread().ident
        assert main_thread is not None  # noqa: S101 - it runs
        signal.pthread_kill(main_thread, signal.SIGINT)


def obey(order: Order, quarters: WarmQuarters, answers: BinaryIO) -> None:
    """Run the checks of an order, and tell each result as it comes."""
    quarters.pages = order.pages
    request = RunRequest(
        paths=CoursePaths.find(),
        app=Path(order.app),
        lesson=order.lesson,
        seed=order.seed,
        only=order.only,
        is_glance=order.is_glance,
        listener=lambda result: tell(Answer(result=result), answers),
        quarters=quarters,
    )
    try:
        tell(Answer(report=run_checks(request)), answers)
    except CourseError as error:
        tell(Answer(problem=error.problem, next_step=error.next_step), answers)


def tell(answer: Answer, answers: BinaryIO) -> None:
    """Send an answer, to whoever still listens."""
    try:
        answers.write(write(answer))
    except OSError:
        raise KeyboardInterrupt from None


if __name__ == "__main__":
    main()
