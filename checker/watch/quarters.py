"""Let apps live where pages are served already, and where a browser waits."""

from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Self

from checker.probes.app import Launcher
from checker.probes.launch import OpenQuarters
from checker.watch.messages import WarmPages

if TYPE_CHECKING:  # lessons without pages load none of it
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from checker.probes.node.site import Site, SiteOrder


class WarmQuarters(OpenQuarters):
    """The user's own machine, as a watch keeps it warm.

    Attributes:
        pages: What the run may use; None when it has to build pages and to start a browser.
    """

    pages: WarmPages | None = None

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._browsers: dict[str, Browser] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open_site(self, order: "SiteOrder", launcher: Launcher) -> "AbstractContextManager[Site]":
        """See `Quarters.open_site`."""
        if self.pages is None:
            return super().open_site(order, launcher)
        from checker.watch.dev_site import open_dev_site

        return open_dev_site(order, self.pages)

    def open_browser(self) -> "AbstractContextManager[Browser]":
        """See `Quarters.open_browser`."""
        return super().open_browser() if self.pages is None else self._lend(self.pages.browser)

    @contextmanager
    def _lend(self, address: str) -> "Iterator[Browser]":
        """Lend the browser that takes orders at an address; the connection to it stays."""
        if address not in self._browsers:
            from checker.probes.browser.chromium import connect_to_browser

            self._browsers[address] = self._stack.enter_context(connect_to_browser(address))
        yield self._browsers[address]
