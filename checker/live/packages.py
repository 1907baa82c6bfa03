"""Add what serves pages to the judge's environment, when pages are first served."""

from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra

SERVER = Extra("live", "what serves the pages", ("fastapi", "uvicorn"))


def install_server(paths: CoursePaths) -> None:
    """Install the packages of locks/live.lock unless they are there.

    Raises:
        ProbeError: they cannot be installed.
    """
    install_extra(SERVER, paths)
