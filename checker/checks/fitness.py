"""What a page owes to everybody who uses it, however they do: checks of several lessons look."""

import re
from typing import TYPE_CHECKING

from checker.checks.expect import expect

if TYPE_CHECKING:  # lessons without pages load no browser's driver
    from checker.probes.browser.visitor import Scheme, Visitor

REFUSED = re.compile(r"(with a status of|:) 401\b")
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NAMELESS = "Failed to load resource"  # by the console; the list of requests says which
FAILED = re.compile(r": \d{3}$")
LATE = 300  # ms after which a console has had its say
PHONE = {"width": 375, "height": 740}


def expect_no_serious_fault(visitor: "Visitor", path: str) -> None:
    """Expect that axe finds no serious fault, light or dark."""
    from checker.probes.browser.axe import COLOURS, EVERYTHING, find_serious_faults

    looks: tuple[tuple[Scheme, tuple[str, ...]], ...] = (("light", EVERYTHING), ("dark", COLOURS))
    for scheme, rules in looks:
        visitor.look_through(scheme=scheme)
        faults = find_serious_faults(visitor.page, rules)
        first = faults[0] if faults else None
        expect(
            first is None,
            expected=f"no serious fault on {path}, {scheme}",
            got=f"{first.rule}: {first.help}, at {first.where}" if first else "",
            next_step="Mend the element that is shown; axe names the rule to look up.",
        )


def expect_no_sideways_scroll(visitor: "Visitor", path: str, next_step: str) -> None:
    """Expect a page that is looked at through a phone to be no wider than that."""
    from checker.probes.browser.apart import evaluate_apart

    over = evaluate_apart(visitor.page, WIDTH)
    expect(
        over <= 0,
        expected=f"{path} to fit into {PHONE['width']} pixels",
        got=f"{over} pixels too many",
        next_step=next_step,
    )


def expect_clean_console(visitor: "Visitor") -> None:
    """Expect no error in the console, and no request that fails, since the visitor came."""
    visitor.page.wait_for_timeout(LATE)
    found = [line for line in visitor.seen.console + visitor.seen.failed if not is_meant(line)]
    found.sort(key=lambda line: NAMELESS in line)
    expect(
        not found,
        expected="an empty console, and no request that fails",
        got=found[0][:300] if found else "",
        next_step=advise_console(found[0] if found else ""),
    )


def is_meant(line: str) -> bool:
    """Tell whether a line is no fault: a warning of something else, or a 401."""
    if line.startswith("warning: "):
        return "ydrat" not in line
    return bool(REFUSED.search(line))


def advise_console(line: str) -> str:
    """Say what a line of the console usually comes from."""
    if any(sign in line for sign in ("Hydration", "hydrat", "#418", "#423", "#425")):
        return "The server wrote other HTML than the browser: read storage and time in an effect."
    if "CORS" in line:
        return "The answer lacked the CORS headers: a crash outside CORSMiddleware? Read the log."
    if FAILED.search(line):
        return "Mend the address that is asked for, or what answers there."
    return "Run npm run dev, open the page, and read the whole message in the browser's console."


def expect_focus(visitor: "Visitor", action: str) -> None:
    """Expect that something has the focus, soon."""
    visitor.wait_until(
        lambda: bool(visitor.focus()),
        f"the focus on something after “{action}”",
        lambda: "the focus on nothing: the next Tab begins at the top of the page",
    )
