"""Look for a browser that the checks can drive: Chromium, Chrome or Edge."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from checker.doctor.finding import FRONTEND_LESSONS, Finding, Status
from checker.doctor.mend import tell_how_to_install

PROGRAMS = (
    "chromium-headless-shell",  # the same engine without windows: four times as quick
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MAC_APPS = ("Chromium", "Google Chrome", "Microsoft Edge")
WINDOWS_BASES = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
WINDOWS_PLACES = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
PLAYWRIGHT_CACHES = {
    "darwin": "~/Library/Caches/ms-playwright",
    "win32": "~/AppData/Local/ms-playwright",
    "linux": "~/.cache/ms-playwright",
}


def look_at_browser() -> Finding:
    """Look on PATH, in the usual places, and among Playwright's own browsers."""
    found = next(list_browsers(), None)
    return Finding(
        name="browser",
        status=Status.OK if found else Status.MISSING,
        detail=str(found) if found else "no Chromium, Chrome or Edge was found",
        lessons=FRONTEND_LESSONS,
        mend=None if found else tell_how_to_install("browser"),
    )


def list_browsers() -> Iterator[Path]:
    """Yield the browsers of this machine, best first."""
    yield from (Path(path) for name in PROGRAMS if (path := shutil.which(name)))
    yield from (path for path in list_usual_places() if path.is_file())
    yield from list_playwright_browsers()


def list_usual_places() -> Iterator[Path]:
    """Yield where browsers stand that put nothing on PATH."""
    if sys.platform == "darwin":
        yield from (Path(f"/Applications/{app}.app/Contents/MacOS/{app}") for app in MAC_APPS)
    bases = [base for name in WINDOWS_BASES if (base := os.environ.get(name))]
    yield from (Path(base, place) for base in bases for place in WINDOWS_PLACES)


def list_playwright_browsers() -> Iterator[Path]:
    """Yield the browsers that Playwright has installed."""
    usual = PLAYWRIGHT_CACHES.get(sys.platform, PLAYWRIGHT_CACHES["linux"])
    # os.path leaves ~ as it is where there is no home; Path raises then.
    cache = Path(os.path.expanduser(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or usual))  # noqa: PTH111
    yield from sorted(cache.glob("chromium-*"), reverse=True)
