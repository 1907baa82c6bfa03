"""Find a Chromium, and have it driven."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from checker.doctor.browser import list_browsers
from checker.doctor.mend import tell_how_to_install
from checker.errors import ProbeError
from checker.user import is_root

OPTIONS = ("--disable-gpu", "--disable-dev-shm-usage", "--no-default-browser-check")


@contextmanager
def open_browser(wrap: Callable[[Path], Path] = lambda program: program) -> Iterator[Browser]:
    """Start the system's Chromium, Chrome or Edge, else Playwright's own; it has ended afterwards.

    Args:
        wrap: Returns the program to start in the place of the browser, such as one that puts it
            into a jail.

    Raises:
        ProbeError: there is none, or it does not start.
    """
    with sync_playwright() as playwright:
        program = find_program(Path(playwright.chromium.executable_path))
        try:
            browser = playwright.chromium.launch(
                executable_path=wrap(program), args=choose_options()
            )
        except Error as error:
            reason = error.message.strip().partition("\n")[0]
            raise ProbeError(
                f"the browser {program} does not start: {reason}",
                "Start it by hand once, or install another: ./course doctor says how.",
            ) from error
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def connect_to_browser(address: str) -> Iterator[Browser]:
    """Give orders to a browser that somebody else has started; it goes on running afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(address)
        try:
            yield browser
        finally:
            browser.close()


def find_program(own: Path | None = None) -> Path:
    """Return the best browser of the system, else Playwright's own.

    Raises:
        ProbeError: there is none.
    """
    found = [*list_browsers(), *filter(None, [own])]
    program = next((path for path in found if path.is_file()), None)
    if program is None:
        raise ProbeError("no Chromium, Chrome or Edge was found", tell_how_to_install("browser"))
    return program


def choose_options() -> list[str]:
    """Return what the browser is started with; as root, Chromium refuses its own sandbox."""
    return [*OPTIONS, *(["--no-sandbox"] if is_root() else [])]
