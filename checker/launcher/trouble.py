"""What installers and the system say when a set-up fails, in plain words with a next step."""

import errno
import platform
import shutil
import sys
from pathlib import Path

from checker.errors import DISK_FULL, CourseError
from checker.launcher.environment import ROOT

LEAST_FREE = 20 << 20  # bytes; a failure with less than this left is blamed on the disk
MOST_LINES = 8
TRY_AGAIN = "then run the same command again."
THIS_PYTHON = f"{sys.platform} {platform.machine()}, Python {platform.python_version()}"

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
REFUSALS = FULL | FORBIDDEN | {errno.EROFS}  # any other can come of a fault of the course

# Words of the installers in lower case, the problem they stand for, the next step. First match
# wins, so the order matters: without a network pip ends with "no matching distribution".
TROUBLES = (
    (("no space left", "not enough space", "quota exceeded"), *DISK_FULL),
    (
        ("ensurepip is not available", "no module named ensurepip", "no module named venv"),
        "this Python cannot make virtual environments: its venv module is missing",
        f"Install it (Debian, Ubuntu: sudo apt-get install python3-venv) or uv, {TRY_AGAIN}",
    ),
    (
        ("certificate_verify_failed", "invalid peer certificate", "sslerror"),
        "the package index answered with a certificate that is not trusted here",
        "Behind a company's proxy, name its certificate file in SSL_CERT_FILE and PIP_CERT, "
        + TRY_AGAIN,
    ),
    (
        (
            *("failed to fetch", "dns error", "network was disabled", "newconnectionerror"),
            *("name resolution", "name or service not known", "getaddrinfo failed"),
            *("connection refused", "connection reset", "connection aborted"),
            *("unreachable", "timed out", "proxyerror"),
        ),
        "the server that packages come from cannot be reached",
        f"Check the network, and the proxy if you need one, {TRY_AGAIN}",
    ),
    (
        ("hash mismatch", "do not match the hashes"),
        "a downloaded package is not the one that the course expects",
        f"Update the course (git pull), {TRY_AGAIN} If it stays, report it.",
    ),
    (
        (
            *("no matching distribution", "no usable wheels", "no wheels with a matching"),
            *("is not a supported wheel", "requires a different python", "no solution found"),
        ),
        f"the course's packages do not fit this system ({THIS_PYTHON})",
        "Use Python 3.11 to 3.14 on 64-bit Linux (glibc), macOS or Windows, or the dev container.",
    ),
)


def explain_failure(folder: Path, output: str) -> CourseError:
    """Turn the output of the installer that failed to make a folder into an error of ours."""
    if shutil.disk_usage(ROOT).free < LEAST_FREE:  # ensurepip fails without saying why
        return CourseError(*DISK_FULL)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for words, problem, next_step in TROUBLES:
        for line in lines:
            if any(word in line.lower() for word in words):
                return CourseError(f"{problem}.\n       {line[:200]}", next_step)
    said = "\n       ".join([f"{folder} could not be made:", *lines[-MOST_LINES:]])
    return CourseError(said, "Run the same command again; if it fails again, report this text.")


def explain_os_error(error: OSError) -> CourseError:
    """Turn a failure of the file system, which nobody expected, into an error of ours."""
    if error.errno in FULL:
        return CourseError(*DISK_FULL)
    place = error.filename or ROOT
    if error.errno == errno.EROFS:
        return CourseError(
            f"{place} cannot be written ({error.strerror})",
            "Clone the course into a folder of your own, and start it there.",
        )
    if error.errno in FORBIDDEN:
        return CourseError(
            f"{place} may not be used ({error.strerror})",
            "Give yourself the right to it, or name another place. If it is in the course's own "
            "folder, clone the course into a folder of your own.",
        )
    return CourseError(f"the system refused something: {error}", f"Mend that, {TRY_AGAIN}")
