"""What checks of pages ask for: the site, visitors, one who is signed in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from checker.checks.fixtures import Bench
from checker.checks.steps import User
from checker.checks.visits import Crowd, Visitors, add_by_api, see_tasks
from checker.judge.inputs import Inputs
from checker.probes.browser.driver import install_driver

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from checker.probes.browser.visitor import Visitor
    from checker.probes.node.site import Site


class PageFixtures:
    """The fixtures, registered with pytest as a plugin of one run.

    Args:
        bench: What the run prepared.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    @pytest.fixture(scope="session")
    def site(self) -> "Site":
        """The pages, with a backend behind them."""
        assert self.bench.site is not None  # noqa: S101 - prepared, since a check asks for it
        return self.bench.site.result()

    @pytest.fixture(scope="session")
    def browser(self) -> "Iterator[Browser]":
        """The one browser of the run."""
        install_driver(self.bench.paths)  # before anything is loaded that needs it
        from checker.probes.browser.chromium import open_browser

        with open_browser() as browser:
            yield browser

    @pytest.fixture(scope="session")
    def pool(self, site: "Site", browser: "Browser", inputs: Inputs) -> Iterator[Visitors]:
        """Keeps the member whom many checks share."""
        visitors = Visitors(browser, site, inputs)
        yield visitors
        visitors.leave()

    @pytest.fixture
    def visitors(self, site: "Site", browser: "Browser", inputs: Inputs) -> "Iterator[Evident]":
        """The people of one check."""
        visitors = Evident(browser, site, inputs, self.bench)
        yield visitors
        visitors.leave()

    @pytest.fixture(scope="session")
    def page_user(self, pool: Visitors) -> User:
        """The user of the member whom many checks share."""
        return pool.register()

    @pytest.fixture(scope="session")
    def crowd(self, pool: Visitors, inputs: Inputs) -> Crowd:
        """A user with 60 tasks."""
        user, word = pool.register(), inputs.make_word()
        titles = [f"{word} {number:02}" for number in range(60)]
        for title in titles:
            add_by_api(pool.backend, user, title)
        return Crowd(user, titles[::-1])

    @pytest.fixture
    def member(self, pool: Visitors, visitors: "Evident", page_user: User) -> "Iterator[Visitor]":
        """A visitor on the page of tasks, signed in; the same one while all goes well."""
        if not pool.present:
            pool.come_as_member(page_user)
        visitor = pool.present[0]
        visitors.shared = visitor
        visitor.open("/tasks")
        see_tasks(visitor)
        visitor.seen.forget()
        yield visitor
        if visitors.has_failed:
            pool.leave()


class Evident(Visitors):
    """Visitors who show what they saw when a check fails."""

    def __init__(self, browser: "Browser", site: "Site", inputs: Inputs, bench: Bench) -> None:
        super().__init__(browser, site, inputs)
        self._bench = bench
        self.shared: Visitor | None = None
        self.has_failed = False

    def collect(self, name: str) -> tuple[str, str]:
        """Return a picture and the words of the page that the check looked at last."""
        self.has_failed = True
        if not self.present and self.shared:
            self.present.append(self.shared)
            try:
                return self.take_evidence(name, self._bench.pictures)
            finally:
                self.present.clear()
        return self.take_evidence(name, self._bench.pictures)
