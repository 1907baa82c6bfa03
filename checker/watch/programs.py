"""Start what a watch keeps warm: `next dev` and a browser, out of the reach of Ctrl-C."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import psutil

from checker.probes.node.packages import FrontendError
from checker.probes.node.tools import NodeTools

LONGEST_START = 20.0  # seconds
LONGEST_RESTART = 5.0  # `next dev` takes a new configuration by starting anew
NEXT = Path("node_modules", "next", "dist", "bin", "next")


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


def start_next(tools: NodeTools, site: Path, log: Path, ports: tuple[int, int]) -> int:
    """Start `next dev` at the first port, with a backend at the second; return its number."""
    port, api_port = ports
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


def is_running(pid: int) -> bool:
    """Tell whether a program that was started apart still runs.

    Nobody waits for it, so its number may stay when it has ended.
    """
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def answers(address: str) -> bool:
    """Tell whether anybody listens where an address says, soon."""
    parts = urlsplit(address)
    deadline = time.monotonic() + LONGEST_RESTART
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            socket.create_connection((parts.hostname, parts.port), timeout=1),
        ):
            return True
        time.sleep(0.05)
    return False


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
