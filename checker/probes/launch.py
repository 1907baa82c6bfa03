"""Choose how apps are started on this system."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from checker.paths import CoursePaths
from checker.probes.app import AppEnvironment, Launcher

if TYPE_CHECKING:  # lessons without pages load none of it
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser

    from checker.probes.node.site import Site, SiteOrder


class Quarters(Protocol):
    """Where the apps of one run live.

    Attributes:
        is_apart: Whether the run has a network of its own.
    """

    is_apart: bool

    def choose_environment(self, requirements: Path, paths: CoursePaths) -> AppEnvironment:
        """Return the Python with the packages of a requirements.txt.

        Raises:
            RequirementsError: they cannot be had, and that is the learner's to mend.
            ProbeError: they cannot be had for reasons of ours.
        """

    def open_launcher(self, environment: AppEnvironment, scratch: Path) -> Launcher:
        """Return what starts the apps; `app` in the scratch folder is what was handed in."""

    def open_site(self, order: "SiteOrder", launcher: Launcher) -> "AbstractContextManager[Site]":
        """Install, build and serve a frontend.

        Raises:
            FrontendError: it cannot be installed, built or started.
            ProbeError: Node.js is missing, or packages cannot be fetched.
        """

    def open_browser(self) -> "AbstractContextManager[Browser]":
        """Return the browser that looks at their pages.

        Raises:
            ProbeError: there is none, or it does not start.
        """


class OpenQuarters:
    """Apps run as the user who checks them: it is their own."""

    is_apart = False

    def choose_environment(self, requirements: Path, paths: CoursePaths) -> AppEnvironment:
        """See `Quarters.choose_environment`."""
        from checker.probes.environment import choose_environment

        return choose_environment(requirements, paths)

    def open_launcher(self, environment: AppEnvironment, scratch: Path) -> Launcher:
        """See `Quarters.open_launcher`."""
        return open_launcher(environment, scratch)

    def open_site(self, order: "SiteOrder", launcher: Launcher) -> "AbstractContextManager[Site]":  # noqa: ARG002 - the order's probe has its own
        """See `Quarters.open_site`."""
        from checker.probes.node.site import open_site

        return open_site(order)

    def open_browser(self) -> "AbstractContextManager[Browser]":
        """See `Quarters.open_browser`."""
        from checker.probes.browser.chromium import open_browser

        return open_browser()


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
