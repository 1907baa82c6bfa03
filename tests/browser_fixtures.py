"""A real browser for the tests of a module, skipped with the reason where there is none."""

import pytest

from checker.errors import ProbeError


@pytest.fixture(scope="module")
def browser():
    from checker.probes.browser.chromium import open_browser

    try:
        with open_browser() as opened:
            yield opened
    except ProbeError as error:
        pytest.skip(error.problem)
