"""Install what builds the site, and what the site ships so that it needs no network."""

from pathlib import Path

from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra
from checker.probes.node.packages import FrontendError, install_packages
from checker.probes.node.tools import find_node

TOOLS = Extra("docs", "what builds the site", ("mkdocs_awesome_nav", "material", "mike", "mkdocs"))
SHIPPED = {  # a file of the site: the file of an npm package that it is
    "assets/mermaid.js": "@mermaid-js/tiny/dist/mermaid.tiny.js",
    "assets/iframe-worker.js": "iframe-worker/shim/index.js",
}


def install_tools(paths: CoursePaths) -> None:
    """Install the packages of locks/docs.lock unless they are there.

    Raises:
        ProbeError: they cannot be installed.
    """
    install_extra(TOOLS, paths)


def find_shipped(paths: CoursePaths) -> dict[str, Path]:
    """Return the scripts of the site that come from npm, each by its path there.

    Raises:
        CourseError: they cannot be installed.
    """
    try:
        home = install_packages(paths.root / "locks" / "site", paths.cache, find_node())
    except FrontendError as error:
        raise CourseError(
            f"the scripts of the site cannot be installed: {error.got}",
            "Run npm install in locks/site, then the same command again.",
        ) from error
    packages = home / "site" / "node_modules"
    return {name: packages / source for name, source in SHIPPED.items()}
