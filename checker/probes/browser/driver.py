"""Add what drives a browser to the judge's environment, when a check first looks at a page."""

import importlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.lock import hold_lock

NEEDED = ("playwright", "axe_playwright_python")
LONGEST_INSTALL = 600.0  # seconds


def install_driver(paths: CoursePaths) -> None:
    """Install the packages of locks/browser.lock unless they are there.

    Raises:
        ProbeError: they cannot be installed.
    """
    if is_installed():
        return
    paths.cache.mkdir(parents=True, exist_ok=True)
    with hold_lock(paths.cache / "browser.lock"):
        if is_installed():  # by whoever held the lock
            return
        run_installer(make_command(paths))
        importlib.invalidate_caches()
    if not is_installed():
        raise ProbeError(
            "what drives the browser was installed, and cannot be found",
            "Delete the folder .venv, then run the check again.",
        )


def is_installed() -> bool:
    """Tell whether the packages can be imported."""
    importlib.invalidate_caches()
    return all(find_spec(name) for name in NEEDED)


def make_command(paths: CoursePaths) -> list[str]:
    """Return the command that installs the lock into the environment that runs this."""
    lock = f"{paths.root / 'locks' / 'browser.lock'}"
    options = ["--require-hashes", "--only-binary", ":all:", "--requirement", lock]
    if uv := shutil.which("uv"):
        copied = ["--quiet", "--link-mode", "copy", "--python", sys.executable]
        return [uv, "pip", "install", *copied, *options]
    pip = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    return [*pip, "install", "--quiet", *options]


def run_installer(command: list[str]) -> None:
    """Run the installation, and tell why it failed."""
    try:
        done = subprocess.run(
            command,
            env=os.environ | {"PIP_USER": "0", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_INSTALL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProbeError(
            f"what drives the browser could not be installed: {error}", MEND
        ) from error
    if done.returncode != 0:
        reason = "\n".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise ProbeError(f"what drives the browser could not be installed: {reason}", MEND)


MEND = "Check the network and the disk, then run the check again."
