"""Choose how apps are started on this system."""

import os
from pathlib import Path

from checker.probes.app import AppEnvironment, Launcher


def open_launcher(environment: AppEnvironment, scratch: Path) -> Launcher:
    """Return the fastest way to start apps that this system has.

    Args:
        environment: The Python of the apps.
        scratch: The run's own folder.
    """
    if hasattr(os, "fork") and os.environ.get("COURSE_LAUNCHER") != "fresh":
        from checker.probes.forked import ForkingLauncher

        return ForkingLauncher(environment, scratch)
    from checker.probes.fresh import FreshLauncher

    return FreshLauncher(environment)
