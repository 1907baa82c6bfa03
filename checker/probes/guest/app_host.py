"""Start, watch and end the apps of one run, forked from the warm process that this one is (Linux).

The nursery forks a host for each run. The judge talks to it over a socket in lines of JSON:

- `{"start": ID, "folder", "program", "bytecode", "hidden", "env", "limits", "processes"}`, with
  three descriptors: the listening socket, the output pipe and the status pipe. The status pipe gets
  `pid N`, `processes N` when it had more than these and was ended for it, at last `exit CODE`.
  With a `command` in the place of `program`, `bytecode` and `hidden` that one is run instead.
- `{"signal": ID, "number": N}` sends a signal to the app, `{"kill": ID}` ends its whole tree.

When the socket closes, however that came about, every process that descends from here is ended and
the scratch folder is removed; then one byte tells a judge who still listens that all is done.
Another byte has told the judge at the beginning that somebody is there.
Standard library only.
"""

import contextlib
import json
import os
import select
import signal
import socket
import time
from pathlib import Path
from typing import Any, NoReturn

import child
import family
import removal
import system

SPARE_TASKS = 500  # what an app that forks without end gets before it is noticed, at most
PERIOD = 0.2  # seconds between two looks at how many processes each app has
READY, DONE = b"!", b"."


class AppHost:
    """The apps of one run: who they are and where to report their end."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.pids: dict[str, int] = {}
        self.most: dict[int, int] = {}
        self.status_pipes: dict[int, int] = {}
        self.buffer = b""
        self.looked = 0.0
        self.descriptors: list[int] = []

    def run(self, wakeup: int) -> None:
        """Obey the judge until the socket closes."""
        while True:
            period = PERIOD if self.pids else None
            ready, _, _ = select.select([self.control.fileno(), wakeup], [], [], period)
            if wakeup in ready:
                os.read(wakeup, 4096)
                self.reap()
                self.end_strays()
            if time.monotonic() - self.looked > PERIOD:
                self.end_strays()
                self.end_swarms()
                self.looked = time.monotonic()
            if self.control.fileno() in ready and not self.obey():
                return

    def obey(self) -> bool:
        """Carry out what has arrived; return False at the end of the stream."""
        data, descriptors, _, _ = socket.recv_fds(self.control, 1 << 20, 3)
        if not data:
            return False
        self.buffer += data
        self.descriptors += descriptors
        while b"\n" in self.buffer:
            line, _, self.buffer = self.buffer.partition(b"\n")
            order = json.loads(line)
            if "start" in order:
                self.start(order)
            elif "signal" in order:
                self.send_signal(order["signal"], order["number"])
            else:
                self.kill(order["kill"])
        return True

    def start(self, order: dict[str, Any]) -> None:
        """Fork the app; the child never returns."""
        (listener, output, status), self.descriptors = self.descriptors[:3], self.descriptors[3:]
        order["limits"]["RLIMIT_NPROC"] = system.count_own_tasks() + SPARE_TASKS
        host = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.become_app(order, listener, output, host)
        os.close(listener)
        os.close(output)
        self.pids[order["start"]] = pid
        self.most[pid] = order["processes"]
        self.status_pipes[pid] = status
        self.tell(pid, b"pid %d\n" % pid)

    def send_signal(self, name: str, number: int) -> None:
        """Signal the app's first process, as a container engine would."""
        if pid := self.pids.get(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self, name: str) -> None:
        """End the app and what it started."""
        if pid := self.pids.get(name):
            family.end_trees([pid])

    def reap(self) -> None:
        """Report the exit codes of the apps that ended."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self.report(*ended)

    def end_strays(self) -> None:
        """End what apps that have ended left behind: it is our child now."""
        if strays := family.find_children(os.getpid()) - set(self.pids.values()):
            family.end_trees(strays)

    def end_swarms(self) -> None:
        """End the apps that have more processes than they may."""
        for pid, most in list(self.most.items()):
            if family.has_more(pid, most - 1):
                family.end_trees([pid])
                self.most.pop(pid)
                self.tell(pid, b"processes %d\n" % most)

    def tell(self, pid: int, line: bytes) -> None:
        """Write a line about an app to the judge, who may be gone."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self.status_pipes[pid], line)

    def report(self, pid: int, status: int) -> None:
        """Write the exit code of a child to the judge, if it is an app's first process."""
        self.pids = {name: known for name, known in self.pids.items() if known != pid}
        self.most.pop(pid, None)
        if pid in self.status_pipes:
            self.tell(pid, b"exit %d\n" % os.waitstatus_to_exitcode(status))
            os.close(self.status_pipes.pop(pid))


def run_host(control: socket.socket, scratch: str) -> NoReturn:
    """Serve one judge in this forked process, and leave nothing behind."""
    os.setsid()
    system.adopt_orphans()
    system.go_first()
    wakeup, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    try:
        os.chdir(scratch)  # a judge who loses us finds us by that
        control.send(READY)
        AppHost(control).run(wakeup)
    finally:
        family.end_descendants()
        removal.remove_tree(Path(scratch))
        with contextlib.suppress(OSError):
            control.send(DONE)
        os._exit(0)
