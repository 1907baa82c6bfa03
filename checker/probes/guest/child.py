"""Turn a process that was just forked from the host into the learner's app (Linux)."""

import contextlib
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import serve
import system

OURS = ("app_host", "child", "disturb", "family", "jailed", "nursery", "removal", "serve", "system")


def become_app(order: dict[str, Any], listener: int, output: int, host: int) -> NoReturn:
    """Run the app of a `start` order, and end with its exit code.

    Args:
        order: See `app_host`.
        listener: The socket that the app answers on.
        output: The pipe for both of its streams.
        host: The parent; the app ends with it.
    """
    code = 1
    try:
        leave_host(host)
        take_standard_streams(output)
        close_all_but({0, 1, 2, listener})
        serve.set_limits(order["limits"])
        os.environ.clear()
        os.environ.update(order["env"])
        os.makedirs(order["env"]["HOME"], exist_ok=True)  # noqa: PTH103 - in a jail, it is not there
        time.tzset()
        os.chdir(order["folder"])
        if command := order.get("command"):
            os.close(listener)  # it listens where it likes
            os.execve(command[0], command, order["env"])  # noqa: S606 - a list, no shell
        sys.dont_write_bytecode = False
        sys.pycache_prefix = order["bytecode"]  # compiled once for all apps of a run
        forget_our_modules()
        with socket.socket(fileno=listener) as listening:
            code = serve.run(order, listening)
    except SystemExit as end:
        code = report_exit(end)
    except BaseException:  # noqa: BLE001 - the learner's code may raise anything
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:  # not even an odd stream of theirs leads back into the host's code
            os._exit(code & 0xFF)


def leave_host(host: int) -> None:
    """Become a session of our own, with the signals of a fresh process, that ends with the host.

    What the app leaves behind when its processes end stays below it, as in a container.
    """
    os.setsid()
    system.die_with_parent(signal.SIGKILL)
    if os.getppid() != host:  # it ended before we could ask
        os._exit(1)
    system.adopt_orphans()
    system.hide_memory(is_hidden=False)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def take_standard_streams(output: int) -> None:
    """Read from nowhere, write both streams to the output pipe, line by line."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # TextIOWrapper here


def close_all_but(kept: set[int]) -> None:
    """Close every other descriptor: the judge's socket, and the pipes of other apps."""
    for entry in list(Path("/proc/self/fd").iterdir()):
        if int(entry.name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(entry.name))


def forget_our_modules() -> None:
    """Let the app's own modules have the names of ours, and no script of ours be its main one."""
    for name in OURS:
        sys.modules.pop(name, None)
    sys.modules["__main__"] = ModuleType("__main__")


def report_exit(end: SystemExit) -> int:
    """Print the message of a `SystemExit`, as the interpreter does, and return the exit code."""
    if isinstance(end.code, int):
        return end.code
    if end.code is None:
        return 0
    print(end.code, file=sys.stderr)  # noqa: T201 - what the interpreter does at its end
    return 1
