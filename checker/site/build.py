"""Have mkdocs build the site, or serve it while it is being written."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.site.hurry import HURRY
from checker.site.tools import find_shipped, install_tools

CONFIG = "mkdocs.yml"


def build_site(paths: CoursePaths, out: Path) -> None:
    """Build the site into a folder, which is emptied first.

    Raises:
        CourseError: a page has a fault, or something that builds it is missing.
    """
    refuse_to_empty(out)
    prepare(paths)
    check_built(run_mkdocs(paths, "build", "--site-dir", str(out)))


def build_for_reader(paths: CoursePaths, out: Path) -> None:
    """Build the site for somebody who waits to read a lesson: see `checker.site.hurry`.

    Raises:
        CourseError: as above.
    """
    install_tools(paths)
    command = ("build", "--no-strict", "--site-dir", str(out))
    check_built(run_mkdocs(paths, *command, variables={HURRY: "1"}))


def check_built(done: "subprocess.CompletedProcess[str]") -> None:
    """Refuse a site that mkdocs could not build.

    Raises:
        CourseError: it could not.
    """
    if done.returncode != 0:
        raise CourseError(
            f"the site was not built:\n{(done.stderr or done.stdout).strip()}",
            "Mend the page that is named, then run ./course site again.",
        )


def refuse_to_empty(out: Path) -> None:
    """Let mkdocs delete nothing but a site that it made.

    Raises:
        CourseError: the folder holds something else.
    """
    if out.exists() and any(out.iterdir()) and not (out / "sitemap.xml").is_file():
        raise CourseError(
            f"{out} holds files that are no site, and would be emptied",
            "Name another folder with --out.",
        )


def serve_site(paths: CoursePaths, port: int) -> int:
    """Serve the site and build it again whenever a source changes, until Ctrl-C."""
    prepare(paths)
    address = f"127.0.0.1:{port}"
    command = make_command(paths, "serve", "--no-strict", "--dev-addr", address)
    return subprocess.run(command, cwd=paths.root, check=False).returncode


def prepare(paths: CoursePaths) -> None:
    """Install what is missing, before mkdocs starts: its hooks would only find it again."""
    install_tools(paths)
    find_shipped(paths)


def run_mkdocs(
    paths: CoursePaths, *arguments: str, variables: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run mkdocs and keep what it says."""
    return subprocess.run(
        make_command(paths, *arguments),
        cwd=paths.root,
        env={**os.environ, "NO_COLOR": "1", "NO_MKDOCS_2_WARNING": "1", **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def make_command(paths: CoursePaths, *arguments: str) -> list[str]:
    """Return the command line of mkdocs, in the environment that runs this."""
    command, *rest = arguments
    config = str(paths.root / CONFIG)
    return [sys.executable, "-P", "-m", "mkdocs", command, "--config-file", config, *rest]
