"""Ask a program on PATH, and never wait long for its answer."""

import re
import shutil
import subprocess
from typing import NamedTuple

LONGEST_WAIT = 10.0  # seconds; a container engine that is starting up can hang for minutes
VERSION = re.compile(r"\d+(?:\.\d+)+")


class Answer(NamedTuple):
    """What a program said.

    Attributes:
        is_success: Whether it ended with exit code 0, in time.
        text: Everything that it printed.
    """

    is_success: bool
    text: str

    @property
    def version(self) -> str:
        """The first version number in the text, empty when there is none."""
        found = VERSION.search(self.text)
        return found[0] if found else ""


def ask(program: str, *arguments: str) -> Answer | None:
    """Run a program and return its answer; None when it is not on PATH."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run(
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(is_success=False, text=f"no answer within {LONGEST_WAIT:.0f} s")
    except OSError as error:
        return Answer(is_success=False, text=f"{path} cannot be run: {error.strerror}")
    text = (done.stdout + done.stderr).decode(errors="replace").strip()
    return Answer(is_success=done.returncode == 0, text=text)


def parse_version(text: str) -> tuple[int, ...]:
    """Return `20.9.1` as (20, 9, 1)."""
    return tuple(int(part) for part in text.split("."))
