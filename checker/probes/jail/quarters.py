"""Let apps live in a jail, with the packages of the course and no others."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from checker.doctor.finding import FRONTEND_LESSONS
from checker.paths import CoursePaths
from checker.probes.app import AppEnvironment, Launcher
from checker.probes.closure import list_foreign
from checker.probes.environment import (
    RequirementsError,
    find_course_environment,
    reuse_course_environment,
)
from checker.probes.jail.launcher import JailedLauncher
from checker.probes.requirements import read_requirements_file

if TYPE_CHECKING:  # lessons without pages load none of it
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser

    from checker.probes.node.site import Site, SiteOrder


class JailedQuarters:
    """Apps run as another user, in a jail that ends with its run.

    Args:
        paths: The folders of the course.
        lesson: Up to which lesson the app is checked.
        python: Of an environment with more packages than the course's; None for that one.
    """

    is_apart = True

    def __init__(self, paths: CoursePaths, lesson: int, python: Path | None = None) -> None:
        self._paths = paths
        self._python = python
        self._launcher: JailedLauncher | None = None
        self._has_pages = lesson in FRONTEND_LESSONS

    def choose_environment(self, requirements: Path, paths: CoursePaths) -> AppEnvironment:
        """See `choose_installed`."""
        return choose_installed(requirements, paths, self._python)

    def open_launcher(self, environment: AppEnvironment, scratch: Path) -> JailedLauncher:
        """See `Quarters.open_launcher`; what is amiss with packages shows when pages are served."""
        packages = None
        if self._has_pages:
            from checker.probes.jail.packages import find_packages
            from checker.probes.node.packages import FrontendError
            from checker.probes.node.tools import find_node

            with suppress(FrontendError):
                frontend = scratch / "app" / "frontend"
                packages = find_packages(frontend, self._paths, find_node())
        self._launcher = JailedLauncher(environment, scratch, packages)
        return self._launcher

    def open_site(self, order: "SiteOrder", launcher: Launcher) -> "AbstractContextManager[Site]":
        """See `Quarters.open_site`."""
        from checker.probes.jail.site import open_jailed_site

        assert isinstance(launcher, JailedLauncher)  # noqa: S101 - ours, see above
        return open_jailed_site(order, launcher, self._paths)

    def open_browser(self) -> "AbstractContextManager[Browser]":
        """See `Quarters.open_browser`: in a jail, for pages are code, and a browser has faults."""
        from checker.probes.browser.chromium import open_browser

        assert self._launcher is not None  # noqa: S101 - opened before any page is looked at
        return open_browser(self._launcher.wrap_browser)


def choose_installed(requirements: Path, paths: CoursePaths, python: Path | None) -> AppEnvironment:
    """Return the environment of all that is allowed, narrowed to what is asked for.

    Nothing is installed: in a cell there is no network, and a package is code of its author.

    Args:
        requirements: What is asked for.
        paths: The folders of the course.
        python: Of an environment with more packages than the course's; None for that one.

    Raises:
        RequirementsError: the file asks for what is not there.
    """
    course = find_course_environment(paths)
    if not requirements.is_file():
        return course
    python = python or course.python
    wanted, constraints = read_requirements_file(requirements, requirements.parent.parent)
    reused = reuse_course_environment(wanted + constraints, python, paths)
    if reused is None:
        names = list_foreign(wanted + constraints, python.parent.parent)
        raise RequirementsError(
            f"packages that the grader has not allowed: {', '.join(names) or 'unknown ones'}",
            "Use the packages and versions of the course's own requirements.txt.",
        )
    return reused
