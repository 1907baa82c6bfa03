"""Start the keeper, print its pid and end, so that the keeper is nobody's child.

Run as `python -m checker.probes.postgres.detach FOLDER NAME`; its output goes to our stderr.
"""

import os
import subprocess
import sys


def main() -> None:
    """Start the keeper in a session of its own."""
    keeper = subprocess.Popen(
        [sys.executable, "-P", "-m", "checker.probes.postgres.keeper", *sys.argv[1:]],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    sys.stdout.write(f"{keeper.pid}\n")
    sys.stdout.flush()
    os._exit(0)  # the keeper goes on: nothing is to be waited for


if __name__ == "__main__":
    main()
