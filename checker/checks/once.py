"""Look whether an action sends its request once, however often it is clicked."""

from typing import TYPE_CHECKING

from checker.checks.expect import expect

if TYPE_CHECKING:  # lessons without pages load no browser's driver
    from checker.probes.browser.visitor import Visitor
    from checker.probes.node.site import Site

Call = tuple[str, str]
ONCE = "Remember in a ref that the action runs: state is too late for the second of two clicks."


def wait_for_others(visitor: "Visitor", site: "Site", call: Call, mark: int) -> None:
    """Wait for a call that is held, and a little for others that should not follow."""
    visitor.wait_until(
        lambda: site.gateway.count(*call, mark) > 0, f"{' '.join(call)}", visitor.describe
    )
    visitor.page.wait_for_timeout(150)


def expect_one(site: "Site", call: Call, mark: int) -> None:
    """Expect that exactly one such request has come since."""
    count = site.gateway.count(*call, mark)
    expect(
        count == 1,
        expected=f"one {' '.join(call)}",
        got=f"{count} of them",
        next_step=ONCE,
    )
