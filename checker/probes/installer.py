"""Run one step of an installation by pip, uv or npm."""

import os
import subprocess
from pathlib import Path

from checker.errors import ProbeError

LONGEST_INSTALL = 600.0  # seconds
RETRIES = "2"
SETTINGS = {"CI": "1", "NO_COLOR": "1", "PIP_USER": "0", "UV_HTTP_RETRIES": RETRIES}
MEND = "Check the network and the disk, then run the check again."


def run_installer(command: list[str], duty: str, folder: Path | None = None) -> str:
    """Run a step, and return what it said when it failed; empty when it went well.

    Args:
        command: The installer's, with everything.
        duty: What is installed, as the subject of a sentence.
        folder: Where it runs; files that it is given may be named from there.

    Raises:
        ProbeError: it cannot be run, or does not end.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | SETTINGS,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_INSTALL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProbeError(f"{duty} could not be installed: {error}", MEND) from error
    if done.returncode == 0:
        return ""
    return done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}"
