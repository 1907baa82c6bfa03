"""Choose how apps are started on this system."""

import os
import sys
from pathlib import Path

from checker.probes.app import AppEnvironment, Launcher


def open_launcher(environment: AppEnvironment, scratch: Path) -> Launcher:
    """Return the fastest way to start apps that is safe on this system.

    Forking without a new program is safe only on Linux: on macOS the system's own libraries start
    threads that do not survive it (see the start methods of Python's `multiprocessing`), and
    Windows cannot do it at all.

    Args:
        environment: The Python of the apps.
        scratch: The run's own folder.
    """
    if sys.platform == "linux" and os.environ.get("COURSE_LAUNCHER") != "fresh":
        from checker.probes.forked import ForkingLauncher

        return ForkingLauncher(environment, scratch)
    from checker.probes.fresh import FreshLauncher

    return FreshLauncher(environment, scratch)
