"""Let apps live as another user, in a container that was made for one submission alone (Linux).

The container is the jail: its maker settles the network, the memory and the disk. In it the judge
is root, and the apps are somebody who may read neither the judge's files nor its memory, and can
end none of its processes. The kernel sees to that by the users alone: no namespace is made, which
few containers may.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.app import AppEnvironment, AppLimits, Launcher
from checker.probes.forked import ForkedApp, ForkingLauncher
from checker.probes.guest.removal import remove_tree
from checker.probes.jail.quarters import choose_installed
from checker.probes.jail.seccomp import write_filter

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser

    from checker.probes.node.site import Site, SiteOrder

USER = 61_000  # a number that no system gives away
GUEST_FOLDER = Path(__file__).parents[1] / "guest"
VARIABLES = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
NO_PAGES = ("this jail serves no pages", "Grade lessons with pages with --jail bubblewrap.")
LONGEST_END = 10.0  # seconds


class ContainerQuarters:
    """Apps run as another user of the container.

    Args:
        paths: The folders of the course.
        python: Of an environment with more packages than the course's; None for that one.
    """

    is_apart = False

    def __init__(self, paths: CoursePaths, python: Path | None = None) -> None:
        self._paths = paths
        self._python = python

    def choose_environment(self, requirements: Path, paths: CoursePaths) -> AppEnvironment:
        """See `Quarters.choose_environment`; nothing is installed."""
        return choose_installed(requirements, paths, self._python)

    def open_launcher(self, environment: AppEnvironment, scratch: Path) -> Launcher:
        """See `Quarters.open_launcher`."""
        if os.getuid() != 0:
            raise ProbeError(
                "--jail container needs root, to give apps another user",
                "Start the container as root, or take --jail bubblewrap.",
            )
        close_course(self._paths)
        return OtherUserLauncher(environment, scratch)

    def open_site(self, order: "SiteOrder", launcher: Launcher) -> "AbstractContextManager[Site]":
        """See `Quarters.open_site`."""
        del order, launcher  # the protocol names them
        raise ProbeError(*NO_PAGES)

    def open_browser(self) -> "AbstractContextManager[Browser]":
        """See `Quarters.open_browser`."""
        raise ProbeError(*NO_PAGES)


class OtherUserLauncher(ForkingLauncher):
    """Owns a host that is another user, with a copy of the app of its own.

    The judge's copy stays as it was handed in: what an app makes of its own files, links that lead
    to the judge's among them, is never read with root's rights.

    Args:
        environment: The Python of the apps.
        scratch: The run's folder; `app` in it is what was handed in.
    """

    def __init__(self, environment: AppEnvironment, scratch: Path) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="course-apart-"))
        self._host: subprocess.Popen[bytes] | None = None
        super().__init__(environment, scratch)

    def _ask_for_host(self) -> socket.socket:
        """Start the host; its scripts are a copy that it may read and not change."""
        guest, home = self._place / "guest", self._place / "home"
        self._place.chmod(0o711)
        guest.mkdir()
        for script in GUEST_FOLDER.glob("*.py"):
            shutil.copyfile(script, guest / script.name)
        home.mkdir(mode=0o700)
        shutil.copytree(self._scratch / "app", home / "app", symlinks=True)
        give_away(home)
        control, theirs = socket.socketpair()
        with theirs:
            options = {
                "control": theirs.fileno(),
                "hidden": self._environment.hidden,
                "preload": self._environment.preload,
                "calls": base64.b64encode(write_filter()).decode(),
            }
            self._host = start_apart(guest / "jailed.py", options, self._environment)
        return control

    def _start(self, facts: Mapping[str, object], limits: AppLimits) -> ForkedApp:
        """Have a process started in its own copy of what the judge names."""
        return super()._start(self._move(facts), limits)

    def _move(self, facts: Mapping[str, object]) -> dict[str, object]:
        """Return facts that name the other copy wherever they name the judge's."""
        ours, theirs = f"{self._scratch}", f"{self._place / 'home'}"
        moved = json.loads(json.dumps(facts).replace(json.dumps(ours)[1:-1], theirs))
        return dict(moved)

    def _ask_again(self) -> bytes:
        """Start no second host: what stopped the first is no accident."""
        return b""

    def close(self) -> None:
        """End everything that the other user runs, and remove what they had."""
        super().close()
        end_all()
        if self._host is not None:
            self._host.wait(LONGEST_END)
        remove_tree(self._place)

    def _end_by_force(self) -> None:
        """End what a host that is gone may have left."""
        end_all()


def start_apart(
    script: Path, options: Mapping[str, object], environment: AppEnvironment
) -> "subprocess.Popen[bytes]":
    """Start a script as the other user; it gets the descriptor `control` of its options.

    Raises:
        ProbeError: that user cannot run the Python of the apps.
    """
    control = options["control"]
    assert isinstance(control, int)  # noqa: S101 - ours
    try:
        return subprocess.Popen(
            [f"{environment.python}", "-I", script, json.dumps(options)],
            env=VARIABLES,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[control],
            user=USER,
            group=USER,
            extra_groups=[],
            start_new_session=True,
        )
    except PermissionError as error:
        raise ProbeError(
            f"another user cannot run {environment.python.resolve()}",
            "Set the course up with a Python that is installed for every user.",
        ) from error


def close_course(paths: CoursePaths) -> None:
    """Let nobody but root read the course: only the packages of the app are for everybody.

    Raises:
        ProbeError: somebody can, and that cannot be changed.
    """
    closed = [path for path in paths.root.iterdir() if path != paths.app_environment]
    try:
        for path, most in ((paths.root, 0o711), *((path, 0o700) for path in closed)):
            mode = path.stat().st_mode & 0o777
            if mode & ~most:
                path.chmod(mode & most)
    except OSError as error:
        raise ProbeError(
            f"the course can be read by submissions: {error.strerror or error}",
            f"Take the rights of others away from what is in {paths.root}.",
        ) from error


def give_away(folder: Path) -> None:
    """Let the other user own a folder with everything in it; links are not followed."""
    os.chown(folder, USER, USER)
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(place, name), USER, USER, follow_symlinks=False)


def end_all() -> None:
    """End every process of the other user; those that are made meanwhile too."""
    while processes := list_processes():
        for process in processes:
            with suppress(psutil.Error):
                process.suspend()
        for process in processes:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(processes, LONGEST_END)


def list_processes() -> list[psutil.Process]:
    """Return the processes of the other user that are not dead yet."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            is_dead = process.status() == psutil.STATUS_ZOMBIE
            if USER in process.uids() and not is_dead:
                found.append(process)
    return found
