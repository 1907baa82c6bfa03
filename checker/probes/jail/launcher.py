"""Start apps by forking them from a warm process in a jail of their submission's own."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from checker.errors import ProbeError
from checker.probes.app import AppEnvironment
from checker.probes.forked import ForkingLauncher
from checker.probes.jail.bubblewrap import GUEST, ISSUED, JailOrder, write_command, write_etc
from checker.probes.jail.namespaces import MEND
from checker.probes.jail.seccomp import write_filter
from checker.probes.jail.staging import Stage
from checker.probes.tree import list_descendants

GUEST_FOLDER = Path(__file__).parents[1] / "guest"
LONGEST_END = 10.0  # seconds
LONGEST_FAREWELL = 1.0
WRAPPER = """#!{python} -I
import os
import sys

if {user} is not None:
    os.setgroups([])
    os.setgid({user})
    os.setuid({user})
command = {command}
os.execv(command[0], [*command, *sys.argv[1:]])
"""
VARIABLES = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


class JailedLauncher(ForkingLauncher):
    """Owns a jail, and through its first process every app of a run.

    Nothing that an app writes reaches the disk: the files it was handed in as are copied to memory
    when the jail begins.

    Args:
        environment: The Python of the apps.
        scratch: The run's folder; `app` in it is what was handed in.
        packages: The folder of the frontend's packages, when pages are looked at.
    """

    def __init__(
        self, environment: AppEnvironment, scratch: Path, packages: Path | None = None
    ) -> None:
        self._stage = Stage()
        self._packages = packages
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - close() closes it
        self._jail: subprocess.Popen[bytes] | None = None
        self._etc = write_etc(Path(tempfile.mkdtemp(dir=scratch), "etc"))
        super().__init__(environment, scratch)

    def _ask_for_host(self) -> socket.socket:
        """Make the jail; its first process is the host."""
        control, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as calls:
            calls.write(write_filter())
            calls.seek(0)
            options = {
                "control": theirs.fileno(),
                "hidden": self._environment.hidden,
                "preload": self._environment.preload,
                "issued": f"{ISSUED}",
                "place": f"{self._scratch / 'app'}",
            }
            command = [f"{self._environment.python}", "-I", f"{GUEST / 'jailed.py'}"]
            user = self._stage.user
            self._jail = subprocess.Popen(
                write_command(self._plan(calls.fileno()), [*command, json.dumps(options)]),
                env=VARIABLES,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=[theirs.fileno(), calls.fileno()],
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )
        return control

    def _plan(self, calls: int) -> JailOrder:
        """Say what is in the jail, and from which descriptor its filter of calls is read."""
        folder = self._environment.python.parent.parent
        shown = {GUEST: GUEST_FOLDER, ISSUED: self._scratch / "app", folder: folder}
        base = find_base(folder)
        if not base.is_relative_to("/usr"):
            shown[base] = base
        if self._packages:
            shown[self._scratch / "app" / "frontend" / "node_modules"] = self._packages
        return JailOrder(
            scratch=self._scratch,
            etc=self._stage.show(self._etc),
            shown={path: self._stage.show(place) for path, place in shown.items()},
            calls=calls if write_filter() else None,
        )

    def wrap_browser(self, program: Path) -> Path:
        """Return a program that starts the browser in a jail of its own, without the app's files.

        It shares the app's network, as every visitor does. The driver speaks with it over pipes.
        """
        shown = {} if program.is_relative_to("/usr") else {program.parent: program.parent}
        order = JailOrder(
            scratch=Path("/tmp"),  # noqa: S108 - the jail's own
            etc=self._stage.show(self._etc),
            shown={path: self._stage.show(place) for path, place in shown.items()},
            is_for_browser=True,
        )
        wrapper = self._etc.with_name("browser")
        wrapper.write_text(
            WRAPPER.format(
                python=sys.executable,
                user=self._stage.user,
                command=write_command(order, [f"{program}"]),
            ),
            encoding="utf-8",
        )
        wrapper.chmod(0o755)
        return wrapper

    def find_pid(self, inner: int) -> int:
        """Return what we know a process by that has this number in its jail.

        For one that has just ended, it is the number of the jail's maker.
        """
        assert self._jail is not None  # noqa: S101 - made before anything is started in it
        for pid in list_descendants(self._jail.pid):
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            numbers = next((x for x in status.splitlines() if x.startswith("NSpid:")), "")
            if numbers.split()[-1:] == [f"{inner}"]:
                return pid
        return self._jail.pid

    def _ask_again(self) -> bytes:
        """Make no second jail: what stopped the first is no accident."""
        return b""

    def _refuse_lost_host(self) -> None:
        """Raise what the jail's maker says, when it is what failed.

        Raises:
            ProbeError: the jail was not made.
        """
        self._errors.seek(0)
        text = self._errors.read(4096).decode(errors="replace").strip()
        raise ProbeError(f"the jail does not work here: {text or 'it says nothing'}", MEND)

    def close(self) -> None:
        """End the jail and everything in it."""
        super().close()
        if self._jail is not None:
            self._jail.kill()
            self._jail.wait(LONGEST_END)
        self._errors.close()

    def _end_by_force(self) -> None:
        """Kill the jail's maker, unless it ends by itself now that its first process does.

        That one ends with it, and all others with that one.
        """
        if self._jail is None:
            return
        try:
            self._jail.wait(LONGEST_FAREWELL)
        except subprocess.TimeoutExpired:
            self._jail.kill()


def find_base(environment: Path) -> Path:
    """Return the folder of the Python that a virtual environment was made with."""
    for line in (environment / "pyvenv.cfg").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "home":
            return Path(value.strip()).resolve().parent
    return (environment / "bin" / "python").resolve().parent.parent
