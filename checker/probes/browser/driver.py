"""Add what drives a browser to the judge's environment, when a check first looks at a page."""

from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra

DRIVER = Extra("browser", "what drives the browser", ("playwright", "axe_playwright_python"))


def install_driver(paths: CoursePaths) -> None:
    """Install the packages of locks/browser.lock unless they are there.

    Raises:
        ProbeError: they cannot be installed.
    """
    install_extra(DRIVER, paths)
