"""Add what drives a browser to the judge's environment, when a check first looks at a page."""

import importlib
from importlib.util import find_spec

from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra

NEEDED = ("playwright", "axe_playwright_python")


def install_driver(paths: CoursePaths) -> None:
    """Install the packages of locks/browser.lock unless they are there.

    Raises:
        ProbeError: they cannot be installed.
    """
    install_extra(Extra("browser", "what drives the browser", is_installed), paths)


def is_installed() -> bool:
    """Tell whether the packages can be imported."""
    importlib.invalidate_caches()
    return all(find_spec(name) for name in NEEDED)
