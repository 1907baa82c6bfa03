"""Write commands as the shell of this system takes them. Standard library only."""

import shlex
import subprocess
import sys
from collections.abc import Iterable

IS_WINDOWS = sys.platform == "win32"
COURSE = "./course"


def join(words: Iterable[str]) -> str:
    """Return a command line that means these words, in a POSIX shell, or in cmd and PowerShell."""
    if IS_WINDOWS:
        return subprocess.list2cmdline(list(words))
    return shlex.join(words)


def name_curl() -> str:
    """Return how curl is called: in PowerShell 5, `curl` is something else."""
    return "curl.exe" if IS_WINDOWS else "curl"


def localise(text: str) -> str:
    """Return a text in which the commands of the course are such as can be typed here."""
    return text.replace(COURSE, "python course") if IS_WINDOWS else text
