"""Look at everything that lessons need, all at once, since some answers take seconds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from checker.doctor.browser import look_at_browser
from checker.doctor.containers import look_at_compose, look_at_engine, look_at_kept_images
from checker.doctor.finding import ALL_LESSONS, FRONTEND_LESSONS, Finding
from checker.doctor.jail import look_at_jail
from checker.doctor.machine import (
    DISK_NEEDS,
    look_at_clock,
    look_at_disk,
    look_at_loopback,
    look_at_port,
)
from checker.doctor.tools import (
    GIT,
    NPM,
    look_at_git_identity,
    look_at_node,
    look_at_python,
    look_at_tool,
    look_at_uv,
)
from checker.paths import CoursePaths

BACKEND_PORT = 8000
FRONTEND_PORT = 3000


def examine(paths: CoursePaths) -> list[Finding]:
    """Return one finding for each need, those of the first lessons first."""
    looks = list_looks(paths)
    with ThreadPoolExecutor(max_workers=len(looks)) as pool:
        findings = list(pool.map(lambda look: look(), looks))
    return sorted(findings, key=lambda finding: finding.lessons[0])


def list_looks(paths: CoursePaths) -> list[Callable[[], Finding]]:
    """Return everything there is to look at, in the order in which it is shown."""
    return [
        look_at_python,
        partial(look_at_tool, GIT),
        look_at_git_identity,
        look_at_uv,
        look_at_loopback,
        partial(look_at_port, BACKEND_PORT, ALL_LESSONS),
        partial(look_at_clock, paths.root / "requirements.lock"),
        *(partial(look_at_disk, paths.root, need) for need in DISK_NEEDS),
        look_at_node,
        partial(look_at_tool, NPM),
        look_at_browser,
        partial(look_at_port, FRONTEND_PORT, FRONTEND_LESSONS),
        look_at_engine,
        look_at_compose,
        look_at_kept_images,
        look_at_jail,
    ]
