"""Stay warm between runs, and fork a host for each run that asks (Linux).

Started with the app's own Python as `nursery.py SOCKET OPTIONS`, the options `preload`, `hidden`
and `idle` in JSON. A judge connects to the Unix socket and sends one end of its control socket
with a line of JSON, `{"scratch": DIR}`; the host that is forked for it obeys it over that (see
app_host.py). When a host ends, the nursery ends what it left behind, so that an app cannot outlive
it by killing it. The nursery ends when nobody has asked for a while. Standard library only.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).parent))

import app_host
import child
import family
import serve
import system

del sys.path[0]  # the learner's app must not find our modules


GARBAGE = 20_000  # objects between two searches: an app that is being imported makes none to find


class Nursery:
    """The hosts that were forked from here.

    Args:
        server: Where judges ask.
        wakeup: Becomes readable when a child ends.
    """

    def __init__(self, server: socket.socket, wakeup: int) -> None:
        self.server = server
        self.wakeup = wakeup
        self.hosts: set[int] = set()

    def serve_judges(self, idle: float) -> None:
        """Fork a host for everyone who asks, until nobody has for `idle` seconds."""
        while True:
            ready, _, _ = select.select([self.server.fileno(), self.wakeup], [], [], idle)
            if not ready:
                return
            if self.wakeup in ready:
                os.read(self.wakeup, 4096)
                self.reap()
            if self.server.fileno() in ready:
                judge, _ = self.server.accept()
                with judge:
                    self.fork_host(judge)

    def fork_host(self, judge: socket.socket) -> None:
        """Fork the host of one run; the child never returns."""
        judge.settimeout(5)
        with contextlib.suppress(OSError, ValueError, KeyError):
            line, (control,), _, _ = socket.recv_fds(judge, 1 << 16, 1)
            scratch = json.loads(line)["scratch"]
            pid = os.fork()
            if pid == 0:
                become_host(control, scratch)
            self.hosts.add(pid)
            os.close(control)

    def reap(self) -> None:
        """Take note of the hosts that ended, and end what came to us from them."""
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                self.hosts.discard(pid)
        if strays := family.find_children(os.getpid()) - self.hosts:
            family.end_trees(strays)


def become_host(control: int, scratch: str) -> NoReturn:
    """Serve one run in this forked process; whatever goes wrong, no second nursery is left."""
    try:
        child.close_all_but({0, 1, 2, control})
        app_host.run_host(socket.socket(fileno=control), scratch)
    finally:
        os._exit(1)


def listen(path: Path) -> socket.socket:
    """Listen before anything is imported: who asks early waits, and nobody polls.

    A second nursery that was started at the same moment finds the address taken and ends.
    """
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server.bind(str(path))
    except OSError:
        raise SystemExit(0) from None
    server.listen(64)
    return server


def preload(modules: list[str]) -> None:
    """Import what most apps import; what is missing is the app's own matter."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def watch_children() -> int:
    """Return a descriptor that becomes readable when a child ends."""
    wakeup, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    return wakeup


def main() -> None:
    """Listen, preload, serve; at the end, those who found us before we hid are served too."""
    path = Path(sys.argv[1])
    options = json.loads(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    system.adopt_orphans()
    with listen(path) as server:
        nursery = Nursery(server, watch_children())
        try:
            serve.hide(options["hidden"])
            preload(options["preload"])
            system.go_first()
            nursery.serve_judges(options["idle"])
        finally:
            path.unlink(missing_ok=True)
        nursery.serve_judges(0)


if __name__ == "__main__":
    main()
