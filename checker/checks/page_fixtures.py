"""What checks of pages ask for: the site, visitors, one who is signed in."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from checker.checks.declare import read_info
from checker.checks.evidence import EVIDENCE
from checker.checks.expect import expect_object
from checker.checks.fixtures import Bench
from checker.checks.steps import User, list_tasks, register_user
from checker.checks.visitors import Crowd, Lobby, Visitors
from checker.checks.visits import add_by_api, excuse_network
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
        self._visitors: Visitors | None = None

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Keep what the pages looked like when a check failed, before its visitors leave."""
        info = read_info(getattr(item, "obj", None))
        if call.excinfo and call.when != "teardown" and info and self._visitors:
            item.stash[EVIDENCE] = self._visitors.collect(info.id, self.bench.evidence)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        """Blame no app for a network that changed while somebody came."""
        with excuse_network(lambda: self._visitors):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Blame no app for a network that changed while a page was being loaded."""
        with excuse_network(lambda: self._visitors):
            return (yield)

    @pytest.fixture(scope="session")
    def site(self) -> "Site":
        """The pages, with a backend behind them."""
        assert self.bench.site is not None  # noqa: S101 - prepared, since a check asks for it
        return self.bench.site.result()

    @pytest.fixture(scope="session")
    def browser(self) -> "Iterator[Browser]":
        """The one browser of the run."""
        install_driver(self.bench.paths)  # before anything is loaded that needs it
        with self.bench.quarters.open_browser() as browser:
            yield browser

    @pytest.fixture(scope="session")
    def lobby(self, site: "Site", browser: "Browser", inputs: Inputs) -> Iterator[Lobby]:
        """Where visitors come from."""
        bench = self.bench
        lobby = Lobby(browser, site, inputs, is_traced=bench.is_traced, is_glance=bench.is_glance)
        yield lobby
        lobby.close()

    @pytest.fixture
    def visitors(self, lobby: Lobby) -> Iterator[Visitors]:
        """The people of one check."""
        self._visitors = Visitors(lobby)
        yield self._visitors
        self._visitors.leave()
        self._visitors = None

    @pytest.fixture(scope="session")
    def page_user(self, site: "Site", inputs: Inputs) -> User:
        """The user of the member whom many checks share."""
        return register_user(site.backend, inputs)

    @pytest.fixture
    def idle_user(self, site: "Site", page_user: User) -> User:
        """The same user with no task left."""
        listed = expect_object(list_tasks(site.backend, page_user, "?limit=100"))
        for task in listed["items"]:
            path = f"/api/tasks/{task['id']}"
            site.backend.request("DELETE", path, token=page_user.token)
        return page_user

    @pytest.fixture(scope="session")
    def crowd(self, site: "Site", inputs: Inputs) -> Crowd:
        """A user with 60 tasks."""
        user, word = register_user(site.backend, inputs), inputs.make_word()
        titles = [f"{word} {number:02}" for number in range(60)]
        for title in titles:
            add_by_api(site.backend, user, title)
        return Crowd(user, titles[::-1])

    @pytest.fixture
    def member(self, visitors: Visitors, page_user: User) -> "Visitor":
        """A visitor on the page of tasks, signed in; the same one while all goes well."""
        return visitors.find_member(page_user)
