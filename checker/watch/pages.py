"""Keep the server of the pages and a browser warm between the runs of a watch."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Self

import psutil

from checker.checks.declare import CheckInfo
from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.probes.browser.driver import install_driver
from checker.probes.guard import start_guard
from checker.probes.lock import hold_lock
from checker.probes.node.packages import FrontendError, find_home, install_packages
from checker.probes.node.tools import find_node
from checker.probes.port import find_free_port
from checker.watch.affected import Subject, find_subject
from checker.watch.messages import WarmPages

LONGEST_START = 20.0  # seconds
NEXT = Path("node_modules", "next", "dist", "bin", "next")


class PagesKeeper:
    """Starts both when a run first looks at pages, and ends them with the watch.

    Args:
        paths: The folders of the course.
    """

    def __init__(self, paths: CoursePaths) -> None:
        self._paths = paths
        self._opened = ExitStack()
        self._home: Path | None = None
        self._pages: WarmPages | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what was started."""
        self._opened.close()

    def find(self, app: Path, plan: tuple[CheckInfo, ...]) -> WarmPages | None:
        """Return what is warm, made first if it must be.

        None when no check looks at pages, and when they cannot be served like this: then the run
        builds them, and tells what is wrong.
        """
        if not any(find_subject(info) is Subject.PAGES for info in plan):
            return None
        with contextlib.suppress(CourseError, FrontendError, OSError):
            home = find_home(app / "frontend", self._paths.cache, find_node())
            if home != self._home or not self._pages or not psutil.pid_exists(self._pages.pid):
                self._opened.close()
                self._pages = self._open(app / "frontend")
                self._home = home
            return self._pages
        return None

    def _open(self, frontend: Path) -> WarmPages:
        """Install, and start both in a folder that a guard takes away, whatever happens."""
        install_driver(self._paths)
        folder = self._paths.cache / "watch"
        folder.mkdir(parents=True, exist_ok=True)
        home = install_packages(frontend, self._paths.cache, find_node())
        scratch = Path(tempfile.mkdtemp(dir=folder)).resolve()
        guard = start_guard(scratch)
        assert guard.stdin is not None  # noqa: S101 - started with a pipe
        self._opened.callback(guard.wait, LONGEST_START)
        self._opened.callback(guard.stdin.close)
        site = scratch / "frontend"
        with hold_lock(home / "lock"):
            copy_packages(home / "site", site)
        shutil.copytree(frontend, site, dirs_exist_ok=True, ignore=leave_out_made)
        browser = start_browser(scratch)
        port, api_port = find_free_port(), find_free_port()
        log = scratch / "next-dev.log"
        server = start_next(site, log, port, api_port)
        return WarmPages(
            folder=f"{site}",
            port=port,
            api_port=api_port,
            log=f"{log}",
            pid=server,
            browser=wait_for_address(browser),
        )


def leave_out_made(_folder: str, names: list[str]) -> set[str]:
    """Return what of a frontend is made, and secrets."""
    return {name for name in names if name in {"node_modules", ".next"} or name.startswith(".env")}


def copy_packages(source: Path, site: Path) -> None:
    """Give the site packages of its own: the compiler follows no link out of its folder.

    The files have a second name instead of a copy, where the disk can do that.
    """
    site.mkdir()
    packages = (source / "node_modules", site / "node_modules")
    try:
        shutil.copytree(*packages, symlinks=True, copy_function=os.link)
    except (shutil.Error, OSError):
        shutil.rmtree(packages[1], ignore_errors=True)
        shutil.copytree(*packages, symlinks=True)


def start_next(site: Path, log: Path, port: int, api_port: int) -> int:
    """Start `next dev`, and return its process's number."""
    tools = find_node()
    address = {"NEXT_PUBLIC_API_URL": f"http://localhost:{api_port}"}
    env = tools.make_env(site.parent, address)
    command: list[str | Path] = [
        tools.node,
        NEXT,
        "dev",
        "--hostname",
        "localhost",
        f"--port={port}",
    ]
    with log.open("wb") as output:
        return start_apart(command, site, output, env)


def start_browser(scratch: Path) -> Path:
    """Start a browser that takes orders, and return the file in which it says where."""
    from checker.probes.browser.chromium import choose_options, find_program

    profile = scratch / "browser"
    options = [*choose_options(), "--headless", "--mute-audio", "--hide-scrollbars"]
    options += ["--no-first-run", "--remote-debugging-port=0"]
    with (scratch / "browser.log").open("wb") as output:
        start_apart([find_program(), *options, f"--user-data-dir={profile}"], scratch, output)
    return profile / "DevToolsActivePort"


def wait_for_address(file: Path) -> str:
    """Return where the browser takes orders, as soon as it says so.

    Raises:
        FrontendError: it does not.
    """
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            port, path = file.read_text(encoding="ascii").split()
            return f"ws://127.0.0.1:{port}{path}"
        time.sleep(0.02)
    raise FrontendError("the browser does not say where it takes orders", "Start it by hand once.")


def start_apart(
    command: Sequence[str | Path],
    folder: Path,
    output: BinaryIO,
    env: Mapping[str, str] | None = None,
) -> int:
    """Start a program out of the reach of Ctrl-C; the guard of its folder ends it."""
    process = subprocess.Popen(
        [os.fspath(part) for part in command],
        cwd=folder,
        env=env and dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    process.returncode = 0  # the guard ends it: nobody is to wait for it
    return int(process.pid)
