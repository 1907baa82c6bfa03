"""Say what this machine lacks for a measurement: its verdicts would count the machine."""

from collections.abc import Callable, Iterator
from functools import partial

from checker.doctor.browser import look_at_browser
from checker.doctor.containers import look_at_compose, look_at_engine
from checker.doctor.finding import FRONTEND_LESSONS, Finding, Status
from checker.doctor.tools import NODE, NPM, look_at_tool

IN_CONTAINERS = frozenset({6, 7})


def tell_lack(lesson: int) -> str:
    """Return what is missing for the apps of a lesson, and what mends it; else nothing."""
    found = (look() for look in list_looks(lesson))
    missing = next((one for one in found if one.status is Status.MISSING), None)
    return f"{missing.name}: {missing.detail}. {missing.mend or ''}".strip() if missing else ""


def list_looks(lesson: int) -> Iterator[Callable[[], Finding]]:
    """Yield the looks at what the checks of these apps need."""
    if lesson in FRONTEND_LESSONS:
        yield from (partial(look_at_tool, NODE), partial(look_at_tool, NPM), look_at_browser)
    if lesson in IN_CONTAINERS:
        yield from (look_at_engine, look_at_compose)
