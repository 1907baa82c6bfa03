"""Add what serves pages to the judge's environment, when pages are first served."""

import importlib
from importlib.util import find_spec

from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra

NEEDED = ("fastapi", "markdown_it", "uvicorn")


def install_server(paths: CoursePaths) -> None:
    """Install the packages of locks/live.lock unless they are there.

    Raises:
        ProbeError: they cannot be installed.
    """
    install_extra(Extra("live", "what serves the pages", is_installed), paths)


def is_installed() -> bool:
    """Tell whether the packages can be imported."""
    importlib.invalidate_caches()
    return all(find_spec(name) for name in NEEDED)
