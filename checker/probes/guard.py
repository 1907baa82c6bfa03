"""Wait beside the judge, and clean up after a run however the judge ends.

Started as `python -m checker.probes.guard FOLDER`. When its standard input closes, every process
at work in the run's folder is ended and the folder is removed.
"""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path

from checker.probes.guest.removal import remove_tree
from checker.probes.tree import end_everything_in

ROOT = Path(__file__).parents[2]


def start_guard(scratch: Path) -> "subprocess.Popen[bytes]":
    """Start the guard of a folder, out of the reach of the terminal's Ctrl-C."""
    return subprocess.Popen(
        [sys.executable, "-m", "checker.probes.guard", scratch],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def main() -> None:
    """Wait for the end of the judge."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scratch = Path(sys.argv[1])
    with contextlib.suppress(OSError):
        sys.stdin.buffer.read()
    end_everything_in(scratch)
    remove_tree(scratch)


if __name__ == "__main__":
    main()
