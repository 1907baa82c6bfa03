"""What is expected of an image that was built, and of a container that was run; of both alike."""

import re

from checker.checks.container_views import Life
from checker.checks.expect import expect
from checker.checks.failure import CheckFailed
from checker.doctor.machine import MEBIBYTE
from checker.probes.containers.images import Image
from checker.probes.containers.running import GRACE

# By their programs and by their packages; a base image may have them too, and must not.
TOOLS = re.compile(
    r"(?:^|/)bin/(?:(?:[\w]+-linux-gnu-)?(?:gcc|g\+\+|cc|c\+\+|clang|make|cargo|rustc|go)(?:-\d+)?)$"
    r"|/site-packages/(?P<python>pytest|mypy|hypothesis|ruff|coverage)/__init__\.py$"
    r"|(?<!/npm)/node_modules/(?P<node>vitest|jest|playwright|@playwright/test|@biomejs/biome"
    r"|eslint|typescript|happy-dom|openapi-typescript)/package\.json$"
)
TRAP = re.compile(r"(?:^|/)\.env(?:\.(?!example|sample|template|dist)\w+)*$|(?:^|/)trap\.txt$")


def expect_growth(image: Image, folder: str, most: int) -> None:
    """Expect an image to be so many MiB larger than its base at most."""
    growth = image.growth // MEBIBYTE
    expect(
        growth <= most,
        expected=f"{folder}'s image to be at most {most} MB larger than {image.base or 'nothing'}",
        got=f"{growth} MB more",
        next_step="Take over from the earlier stages what runs, and nothing that only builds.",
    )


def expect_no_tools(files: tuple[str, ...], folder: str) -> None:
    """Expect no compiler and nothing that only tests in an image."""
    found = [path for path in files if TOOLS.search(path)]
    expect(
        not found,
        expected=f"no compiler and no test tool in {folder}'s image",
        got=", ".join(found[:4]),
        next_step="Take a slim base, and install for production only, or ship another stage.",
    )


def expect_no_traps(files: tuple[str, ...], folder: str) -> None:
    """Expect nothing in an image that lay in the folder and has no business there."""
    found = [path for path in files if TRAP.search(path) and "/site-packages/" not in path]
    expect(
        not found,
        expected=f"no .env and nothing of this machine's own in {folder}'s image",
        got=f"after a build with such files in the folder, the image has {', '.join(found[:4])}",
        next_step=f"Let {folder}/.dockerignore leave them out.",
    )


def expect_cached(*, is_installed_again: bool, folder: str) -> None:
    """Expect a change of sources to install nothing."""
    expect(
        not is_installed_again,
        expected=f"packages from the cache when only sources of {folder}/ have changed",
        got="a build that installs them again",
        next_step="Copy the files that name the packages alone, install, then copy the rest.",
    )


def expect_user_1000(life: Life, folder: str) -> None:
    """Expect the process to belong to user 1000; where no engine tells, nothing is known."""
    expect(
        life.user in {"1000", ""},
        expected=f"the process in {folder}'s container to run as user 1000",
        got="it runs as root" if life.user == "0" else f"it runs as user {life.user}",
        next_step="Write USER 1000:1000 into the last stage.",
    )


def expect_healthy(life: Life, folder: str) -> None:
    """Expect the health check to say that all is well."""
    if life.health != "healthy":
        raise CheckFailed(
            expected=f"{folder}'s container to be healthy within a minute",
            got=f"the engine still says {life.health or 'that there is no health check'}",
            next_step="Run the check's command with docker exec: the program must be in the image.",
            log=life.health_log,
        )


def expect_gentle_end(life: Life, folder: str) -> None:
    """Expect SIGTERM to end the process in time."""
    if not life.has_ended:
        raise CheckFailed(
            expected=f"{folder}'s container to end within {GRACE} s of SIGTERM",
            got="it still runs, and would be ended by force",
            next_step="The signal goes to process 1: a list for CMD, and exec in a shell.",
            log=life.log,
        )
    expect(
        life.has_answered is not False,
        expected="a request that was under way at SIGTERM to be answered",
        got="its connection was cut",
        next_step="Let the server be process 1: it finishes what it has begun.",
    )
