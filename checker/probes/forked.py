"""Start apps by forking a warm process: 40 ms instead of half a second (Linux)."""

import contextlib
import json
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from checker.errors import ProbeError
from checker.probes.app import (
    MEND_PYTHON,
    AppEnvironment,
    AppLimits,
    AppProcess,
    StartOrder,
    describe_swarm,
)
from checker.probes.output import OutputReader
from checker.probes.tree import end_everything_in
from checker.probes.warm import ask_for_host

LONGEST_FORK = 20.0  # seconds until the host has started an app; it may still be importing
LONGEST_END = 10.0  # seconds until everything is gone
DONE = b"."  # the host's last word, see app_host.py


class HostLostError(ProbeError):
    """The process that the apps are forked from is gone."""

    def __init__(self) -> None:
        super().__init__(
            "the process that starts the app ended unexpectedly",
            MEND_PYTHON,
        )


class ForkedApp(AppProcess):
    """An app that was forked from the host.

    Args:
        name: What the host knows it by.
        launcher: Passes orders to the host.
        status: The pipe in which the host writes about it, see `app_host`.
        port: Where it listens.
        output: Reads what it writes.
        limits: What it may use.
    """

    def __init__(  # noqa: PLR0913 - all that there is to know about a process
        self,
        name: str,
        launcher: "ForkingLauncher",
        *,
        status: int,
        port: int,
        output: OutputReader,
        limits: AppLimits,
    ) -> None:
        self.pid = 0
        self.port = port
        self.output = output
        self.limits = limits
        self.ended_because = ""
        self._name = name
        self._launcher = launcher
        self._status = status
        self._text = b""
        self._exit_code: int | None = None
        self._lock = threading.Lock()  # the watchdog polls from a thread of its own

    def wait_for_pid(self) -> None:
        """Wait until the host has started it.

        Raises:
            HostLostError: it has not, in time or at all.
        """
        deadline = time.monotonic() + LONGEST_FORK
        while True:
            with self._lock:
                self._look(0.05)
            if self.pid:  # an app that ends at once has its exit code in the same breath
                return
            if self._exit_code is not None or time.monotonic() > deadline:
                raise HostLostError

    def poll(self) -> int | None:
        """See `AppProcess.poll`."""
        return self.wait(0)

    def wait(self, timeout: float) -> int | None:
        """See `AppProcess.wait`."""
        deadline = time.monotonic() + timeout
        while self._exit_code is None:
            left = max(deadline - time.monotonic(), 0)
            with self._lock:
                self._look(min(left, 0.05))
            if left == 0:
                break
        return self._exit_code

    def _look(self, timeout: float) -> None:
        """Take note of what the host has written."""
        if self._exit_code is not None or not self._has_status(timeout):
            return
        data = os.read(self._status, 4096)
        self._text += data
        for line in self._text.splitlines():
            word, _, number = line.partition(b" ")
            if word == b"pid":
                self.pid = self.pid or self._launcher.find_pid(int(number))
            elif word == b"processes":
                self.ended_because = describe_swarm(int(number))
            else:
                self._exit_code = int(number)
        if not data and self._exit_code is None:
            self._exit_code = -signal.SIGKILL  # the host is gone, and its apps with it

    def _has_status(self, timeout: float) -> bool:
        poll = select.poll()
        poll.register(self._status, select.POLLIN)
        return bool(poll.poll(timeout * 1000))

    def terminate(self) -> None:
        """See `AppProcess.terminate`."""
        self._launcher.send({"signal": self._name, "number": int(signal.SIGTERM)})

    def kill(self) -> None:
        """See `AppProcess.kill`."""
        self._launcher.send({"kill": self._name})

    def close(self) -> None:
        """Give back the pipes of an app that has ended."""
        self.output.join(2)
        with self._lock:
            if self._exit_code is None:
                self._exit_code = -signal.SIGKILL
            os.close(self._status)


class ForkingLauncher:
    """Owns a host process, and through it every app of a run.

    Args:
        environment: The Python of the apps.
        scratch: The run's folder; the host removes it when it ends, also after a crash of ours.
    """

    def __init__(self, environment: AppEnvironment, scratch: Path) -> None:
        self._environment = environment
        self._scratch = scratch
        self._names = count(1)
        self._apps: list[ForkedApp] = []
        self._is_closed = False
        self._starting = threading.Lock()  # apps are started from several threads
        self._sending = threading.Lock()
        self._is_greeted = False
        self._control = self._ask_for_host()

    def _ask_for_host(self) -> socket.socket:
        """Have a host forked, and return the socket over which it obeys."""
        control, theirs = socket.socketpair()
        try:
            with theirs:
                ask_for_host(self._environment, theirs, self._scratch)
        except BaseException:
            control.close()
            raise
        return control

    def _greet_host(self) -> None:
        """Wait until the host is there, once.

        A nursery that was idle for too long may have ended just as it was asked: then another is.

        Raises:
            HostLostError: there is none, although it was asked for twice.
        """
        if not self._is_greeted and not (self._hear() or self._ask_again()):
            self._refuse_lost_host()
        self._is_greeted = True

    def _ask_again(self) -> bytes:
        """Have another host forked, and return its first word; nothing when it is silent too."""
        self._control.close()
        self._control = self._ask_for_host()
        return self._hear()

    def _refuse_lost_host(self) -> None:
        """Say that there is no host, and why as far as that is known.

        Raises:
            HostLostError: always.
        """
        raise HostLostError

    def find_pid(self, number: int) -> int:
        """Return what we know the process by that the host knows by this number."""
        return number

    def _hear(self) -> bytes:
        """Return what the host says next; nothing when it is gone or silent."""
        with contextlib.suppress(OSError):
            self._control.settimeout(LONGEST_FORK)
            return self._control.recv(1)
        return b""

    def send(self, order: Mapping[str, object], descriptors: tuple[int, ...] = ()) -> None:
        """Send one order to the host; a host that is gone has ended every app."""
        with self._sending, contextlib.suppress(OSError):
            socket.send_fds(self._control, [json.dumps(order).encode() + b"\n"], descriptors)

    def start(self, order: StartOrder) -> ForkedApp:
        """See `Launcher.start`. The listening socket is ours until the app has it: no port race."""
        facts = {
            "folder": str(order.folder),
            "program": order.program,
            "bytecode": str(self._scratch / "bytecode"),
            "hidden": self._environment.hidden,
            "env": order.env,
        }
        return self._start(facts, order.limits)

    def run_command(
        self, command: list[str], folder: Path, env: Mapping[str, str], limits: AppLimits
    ) -> ForkedApp:
        """Start another program than Python in the host's place, and return at once."""
        return self._start({"folder": f"{folder}", "command": command, "env": env}, limits)

    def _start(self, facts: Mapping[str, object], limits: AppLimits) -> ForkedApp:
        """Have a process started, and return as soon as it is."""
        message = {
            **facts,
            "start": f"app-{next(self._names)}",
            "limits": limits.as_rlimits(),
            "processes": limits.processes,
        }
        with self._starting:
            if self._is_closed:
                raise HostLostError
            self._greet_host()
            app = self._send_start(message, limits)
            self._apps.append(app)
        app.wait_for_pid()
        return app

    def _send_start(self, message: Mapping[str, object], limits: AppLimits) -> ForkedApp:
        status, status_write = os.pipe()
        output, output_write = os.pipe()
        with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
            self.send(message, (listener.fileno(), output_write, status_write))
            port: int = listener.getsockname()[1]
        os.close(output_write)
        os.close(status_write)
        reader = OutputReader(output, limits.output)
        return ForkedApp(
            str(message["start"]), self, status=status, port=port, output=reader, limits=limits
        )

    def close(self) -> None:
        """End every app and the host; make sure of it when the host does not say so."""
        with self._starting:
            if self._is_closed:
                return
            self._is_closed = True
        for app in self._apps:
            app.kill()
        if not self._hear_host_end():
            self._end_by_force()
        for app in self._apps:
            app.wait(0)
            app.close()

    def _end_by_force(self) -> None:
        """End what a host that is gone may have left."""
        end_everything_in(self._scratch)

    def _hear_host_end(self) -> bool:
        """Let the host end, and tell whether it has done so in an orderly way."""
        with self._control, contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)
            self._control.settimeout(LONGEST_END)
            while heard := self._control.recv(1):
                if heard == DONE:
                    return True
        return False
