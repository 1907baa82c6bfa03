"""Stay warm between runs, and fork a host for each run that asks (POSIX).

Started as `nursery.py SOCKET '{"preload": […], "hidden": […], "idle": SECONDS}'` with the app's own Python. A judge
connects to the Unix socket and sends one end of its control socket with a line of JSON,
`{"scratch": DIR}`; the host that is forked for it obeys it over that (see app_host.py). The nursery
ends when nobody has asked for a while. Standard library only.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import app_host
import serve

del sys.path[0]  # the learner's app must not find our modules


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


def serve_judges(server: socket.socket, idle: float) -> None:
    """Fork a host for everyone who asks, until nobody has for `idle` seconds."""
    server.settimeout(idle)
    while True:
        try:
            judge, _ = server.accept()
        except TimeoutError:
            return
        with judge:
            fork_host(judge, server)


def fork_host(judge: socket.socket, server: socket.socket) -> None:
    """Fork the host of one run; the child never returns."""
    judge.settimeout(5)
    with contextlib.suppress(OSError, ValueError):
        line, fds, _, _ = socket.recv_fds(judge, 1 << 16, 1)
        if fds and os.fork() == 0:
            server.close()
            judge.close()
            app_host.run_host(socket.socket(fileno=fds[0]), json.loads(line)["scratch"])
        for fd in fds:
            os.close(fd)


def main() -> None:
    """Listen, preload, serve."""
    path = Path(sys.argv[1])
    options = json.loads(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # hosts are not waited for
    with listen(path) as server:
        try:
            sys.meta_path.insert(0, serve.HiddenModules(options["hidden"]))
            preload(options["preload"])
            serve_judges(server, options["idle"])
        finally:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
