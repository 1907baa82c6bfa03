"""Start, watch and end the apps of one run, forked from the warm process that this one is (POSIX).

The nursery forks a host for each run. The judge talks to it over a socket in lines of JSON:

- `{"start": ID, "folder", "program", "bytecode", "hidden", "env", "limits"}`, with three descriptors: the
  listening socket, the output pipe and the status pipe. The status pipe gets `pid N`, later
  `exit CODE`.
- `{"signal": ID, "number": N}` sends a signal to the app, `{"kill": ID}` ends its whole tree.

When the socket closes, however that came about, every process that descends from here is ended and
the scratch folder is removed. Standard library only.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

import serve

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


class AppHost:
    """The apps of one run: who they are and where to report their end."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.pids: dict[str, int] = {}
        self.status_pipes: dict[int, int] = {}
        self.buffer = b""

    def run(self, wakeup: int) -> None:
        """Obey the judge until the socket closes."""
        while True:
            ready, _, _ = select.select([self.control, wakeup], [], [])
            if wakeup in ready:
                os.read(wakeup, 4096)
                self.reap()
            if self.control in ready and not self.obey():
                return

    def obey(self) -> bool:
        """Carry out what has arrived; return False at the end of the stream."""
        data, fds, _, _ = socket.recv_fds(self.control, 1 << 20, 3)
        if not data:
            return False
        self.buffer += data
        while b"\n" in self.buffer:
            line, _, self.buffer = self.buffer.partition(b"\n")
            order = json.loads(line)
            if "start" in order:
                self.start(order, fds)
            elif "signal" in order:
                self.send_signal(order["signal"], order["number"])
            else:
                self.kill(order["kill"])
        return True

    def start(self, order: dict[str, Any], fds: list[int]) -> None:
        """Fork the app; the child never returns."""
        listener, output, status = fds
        pid = os.fork()
        if pid == 0:
            os.close(status)
            self.control.close()
            become_app(order, listener, output)
        os.close(listener)
        os.close(output)
        self.pids[order["start"]] = pid
        self.status_pipes[pid] = status
        os.write(status, b"pid %d\n" % pid)

    def send_signal(self, name: str, number: int) -> None:
        """Signal the app's first process, as a container engine would."""
        if pid := self.pids.get(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self, name: str) -> None:
        """End the app and what it started."""
        if pid := self.pids.get(name):
            end_tree(pid)

    def reap(self) -> None:
        """Report the exit codes of the children that ended."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                self.pids = {name: p for name, p in self.pids.items() if p != pid}
                if (pipe := self.status_pipes.pop(pid, None)) is not None:
                    with contextlib.suppress(BrokenPipeError):
                        os.write(pipe, b"exit %d\n" % os.waitstatus_to_exitcode(status))
                    os.close(pipe)


def become_app(order: dict[str, Any], listener: int, output: int) -> NoReturn:
    """Turn the forked child into the learner's app."""
    code = 1
    try:
        os.setsid()
        set_process_option(PR_SET_PDEATHSIG, signal.SIGKILL)
        reset_signals()
        take_standard_streams(output)
        for name, value in order["limits"].items():
            set_limit(name, value)
        os.environ.clear()
        os.environ.update(order["env"])
        os.chdir(order["folder"])
        sys.dont_write_bytecode = False
        sys.pycache_prefix = order["bytecode"]  # compiled once for all apps of a run
        listening = socket.socket(fileno=listener)
        code = run(order, listening)
    except SystemExit as end:
        code = report_exit(end)
    except BaseException:  # noqa: BLE001 - the learner's code may raise anything
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def run(order: dict[str, Any], listening: socket.socket) -> int:
    """Run what was ordered, a program or the app, and return its exit code."""
    folder, hidden = order["folder"], order["hidden"]
    if order["program"]:
        return serve.run_program(folder, hidden, order["program"])
    return serve.serve(folder, hidden, listening)


def report_exit(end: SystemExit) -> int:
    """Print the message of a `SystemExit`, as the interpreter does, and return the exit code."""
    if isinstance(end.code, int):
        return end.code
    if end.code is None:
        return 0
    print(end.code, file=sys.stderr)  # noqa: T201 - what the interpreter does at its end
    return 1


def reset_signals() -> None:
    """Undo what the host set up, so that the app meets the signals of a fresh process."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def take_standard_streams(output: int) -> None:
    """Read from nowhere, write both streams to the output pipe, line by line."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(nowhere)
    os.close(output)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # TextIOWrapper here


def set_limit(name: str, value: int) -> None:
    """Lower a resource limit, never above what this process may have; skip what is not known."""
    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(
        ValueError, OSError
    ):  # macOS knows some limits and refuses to set them
        resource.setrlimit(kind, (value, value))


def set_process_option(option: int, value: int) -> None:
    """Call prctl(2); only Linux has it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def end_tree(root: int) -> None:
    """Kill a process, its group and everything that descends from it, until nothing is left."""
    while True:
        tree = find_descendants(root)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(root, signal.SIGKILL)
        for pid in (root, *tree):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not tree:
            return


def end_descendants() -> None:
    """Kill and reap everything below this process, also what went to live in other sessions."""
    while tree := find_descendants(os.getpid()):
        for pid in tree:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)


def find_descendants(root: int) -> list[int]:
    """Return the living processes below `root`, zombies left out."""
    children: dict[int, list[int]] = {}
    for pid, parent in list_processes():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    queue = [root]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def list_processes() -> list[tuple[int, int]]:
    """Return (pid, parent) of every process that is not a zombie."""
    if sys.platform != "linux":
        with os.popen("ps -A -o pid=,ppid=,stat=") as ps:  # noqa: S605, S607 - constant
            rows = [line.split() for line in ps]
        return [(int(pid), int(parent)) for pid, parent, stat in rows if not stat.startswith("Z")]
    pairs = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state not in "ZX":
                    pairs.append((int(entry.name), int(parent)))
    return pairs


def run_host(control: socket.socket, scratch: str) -> NoReturn:
    """Serve one judge in this forked process, and leave nothing behind."""
    os.setsid()
    set_process_option(PR_SET_CHILD_SUBREAPER, 1)
    wakeup, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    try:
        AppHost(control).run(wakeup)
    finally:
        end_descendants()
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(0)
