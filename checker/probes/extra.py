"""Add packages to the judge's environment, when a check first needs them."""

import importlib
import shutil
import sys
from collections.abc import Callable
from typing import NamedTuple

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.installer import MEND, run_installer
from checker.probes.lock import hold_lock


class Extra(NamedTuple):
    """Packages that only some lessons need.

    Attributes:
        name: `locks/<name>.lock` says what is installed.
        duty: What it is for, as the subject of a sentence.
        is_installed: Tells whether it is there.
    """

    name: str
    duty: str
    is_installed: Callable[[], bool]


def install_extra(extra: Extra, paths: CoursePaths) -> None:
    """Install the packages of an extra's lock unless they are there.

    Raises:
        ProbeError: they cannot be installed.
    """
    if extra.is_installed():
        return
    paths.cache.mkdir(parents=True, exist_ok=True)
    with hold_lock(paths.cache / f"{extra.name}.lock"):
        if extra.is_installed():  # by whoever held the lock
            return
        if text := run_installer(make_command(extra, paths), extra.duty):
            reason = "\n".join(text.splitlines()[-3:])
            raise ProbeError(f"{extra.duty} could not be installed: {reason}", MEND)
        importlib.invalidate_caches()
    if not extra.is_installed():
        raise ProbeError(
            f"{extra.duty} was installed, and cannot be found",
            "Delete the folder .venv, then run the check again.",
        )


def make_command(extra: Extra, paths: CoursePaths) -> list[str]:
    """Return the command that installs the lock into the environment that runs this."""
    lock = f"{paths.root / 'locks' / f'{extra.name}.lock'}"
    options = ["--require-hashes", "--only-binary", ":all:", "--requirement", lock]
    if uv := shutil.which("uv"):
        copied = ["--quiet", "--link-mode", "copy", "--python", sys.executable]
        return [uv, "pip", "install", *copied, *options]
    pip = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    return [*pip, "install", "--quiet", *options]
