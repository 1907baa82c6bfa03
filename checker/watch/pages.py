"""Keep the server of the pages and a browser warm between the runs of a watch."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Self

from checker.checks.declare import CheckInfo
from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.probes.browser.driver import install_driver
from checker.probes.guard import start_guard
from checker.probes.lock import hold_lock
from checker.probes.node.packages import FrontendError, find_home, install_packages
from checker.probes.node.tools import NodeTools, find_node
from checker.probes.port import find_free_port
from checker.watch.affected import Subject, find_subject
from checker.watch.messages import WarmPages
from checker.watch.programs import (
    LONGEST_START,
    answers,
    copy_packages,
    is_running,
    leave_out_made,
    start_browser,
    start_next,
    wait_for_address,
)


class PagesKeeper:
    """Starts both when a run first looks at pages, and ends them with the watch.

    Args:
        paths: The folders of the course.
    """

    def __init__(self, paths: CoursePaths) -> None:
        self._paths = paths
        self._opened = ExitStack()
        self._home: Path | None = None
        self._pages: WarmPages | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what was started."""
        self._opened.close()

    @cached_property
    def _tools(self) -> NodeTools:
        """Node.js, which is asked for its version only once: that takes longer than most checks."""
        return find_node()

    def find(self, app: Path, plan: Iterable[CheckInfo]) -> WarmPages | None:
        """Return what is warm, made first if it must be.

        None when no check looks at pages, and when they cannot be served like this: then the run
        builds them, and tells what is wrong.
        """
        if not any(find_subject(info) is Subject.PAGES for info in plan):
            return None
        with contextlib.suppress(CourseError, FrontendError, OSError):
            home = find_home(app / "frontend", self._paths.cache, self._tools)
            if home != self._home or not self._pages or not is_up(self._pages):
                self._opened.close()
                self._pages = None
                self._pages = self._open(app / "frontend")
                self._home = home
            return self._pages
        return None

    def _open(self, frontend: Path) -> WarmPages:
        """Install, and start both in a folder that a guard takes away, whatever happens."""
        install_driver(self._paths)
        folder = self._paths.cache / "watch"
        folder.mkdir(parents=True, exist_ok=True)
        home = install_packages(frontend, self._paths.cache, self._tools)
        scratch = Path(tempfile.mkdtemp(dir=folder)).resolve()
        guard = start_guard(scratch)
        assert guard.stdin is not None  # noqa: S101 - started with a pipe
        self._opened.callback(guard.wait, LONGEST_START)
        self._opened.callback(guard.stdin.close)
        site = scratch / "frontend"
        with hold_lock(home / "lock"):
            copy_packages(home / "site", site)
        shutil.copytree(frontend, site, dirs_exist_ok=True, ignore=leave_out_made)
        browser = start_browser(scratch)
        port, api_port = find_free_port(), find_free_port()
        log = scratch / "next-dev.log"
        server = start_next(self._tools, site, log, (port, api_port))
        return WarmPages(
            folder=f"{site}",
            port=port,
            api_port=api_port,
            log=f"{log}",
            pid=server,
            browser=wait_for_address(browser),
        )


def is_up(pages: WarmPages) -> bool:
    """Tell whether both still do their work: whoever is killed leaves the other behind."""
    server = f"http://localhost:{pages.port}"
    return is_running(pages.pid) and all(map(answers, (server, pages.browser)))
