"""Add packages to the judge's environment, when a check first needs them."""

import importlib
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
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
        modules: What can be imported once it is there.
        program: What it puts beside Python, where it has no module of its own.
    """

    name: str
    duty: str
    modules: tuple[str, ...] = ()
    program: str = ""

    def is_installed(self) -> bool:
        """Tell whether it is there."""
        importlib.invalidate_caches()
        has_program = not self.program or Path(sys.executable).with_name(self.program).is_file()
        return has_program and all(map(find_spec, self.modules))


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
