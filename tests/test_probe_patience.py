"""A visitor waits longer on a busy machine, and comes again when a network changed."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

pytest.importorskip("playwright", reason="locks/browser.lock is not installed")

from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as TooLate

from checker.checks.page_fixtures import PageFixtures
from checker.checks.visitors import Visitors
from checker.checks.visits import MOST_VISITS, visit
from checker.errors import ProbeError
from checker.probes.browser.seen import Seen
from checker.probes.browser.unmet import UnmetError
from checker.probes.browser.visitor import MOST_LOADS

pytest_plugins = ("visitor_fixtures",)
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def see_and_click(visitor):
    visitor.see("button", "Send")
    visitor.click("button", "Send")


def wait_for_button(visitor):
    found = visitor.find("button", "Send")
    visitor.wait_until(lambda: found.count() == 1, "a button", visitor.describe)


@pytest.fixture
def slow_down(visitor, monkeypatch):
    def slow_down(module, script, more=10_000.0):
        """Let a script run on the page when patience is at its end, if the machine is busy."""

        def wait_longer(_):
            if more:
                visitor.page.evaluate(script)
            return more

        monkeypatch.setattr(f"checker.probes.browser.{module}.wait_longer", wait_longer)

    return slow_down


@pytest.mark.parametrize("wait", [see_and_click, wait_for_button])
@pytest.mark.parametrize("more", [0.0, 10_000.0])
def test_busy_machine_is_given_time(visitor, lose_patience, slow_down, wait, more):
    slow_down("onlooker", "document.body.innerHTML = '<button>Send</button>'", more)
    visitor.open("/empty")
    lose_patience()
    with nullcontext() if more else pytest.raises(UnmetError):
        wait(visitor)


@pytest.mark.parametrize("more", [0.0, 10_000.0])
def test_what_could_not_be_done_is_tried_again_on_a_busy_machine(
    visitor, lose_patience, slow_down, more
):
    slow_down("visitor", "document.querySelector('button').disabled = false", more)
    visitor.open("/turns")
    visitor.page.evaluate("document.querySelector('button').disabled = true")
    lose_patience()
    with nullcontext() if more else pytest.raises(UnmetError):
        visitor.click("button", "Send")


@pytest.mark.parametrize(
    ("log", "clicks"), [("waiting for element to be enabled", 2), ("click action done", 1)]
)
def test_what_was_done_is_not_done_again(visitor, slow_down, monkeypatch, log, clicks):
    def click(_):
        done.append(log)
        raise TooLate(f"Timeout 10000ms exceeded.\n  - {log}")

    done = []
    slow_down("visitor", "0")
    visitor.open("/turns")
    monkeypatch.setattr("playwright.sync_api.Locator.click", click)
    with pytest.raises(UnmetError):
        visitor.click("button", "Send")
    assert len(done) == clicks


@pytest.mark.parametrize("more", [0.0, 10_000.0])
def test_page_that_is_late_is_loaded_again_on_a_busy_machine(visitor, monkeypatch, slow_down, more):
    def load(*_, **__):
        monkeypatch.setattr(visitor.page, "goto", goto)
        raise TooLate("Page.goto: Timeout 10000ms exceeded.")

    goto = visitor.page.goto
    slow_down("visitor", "0", more)
    monkeypatch.setattr(visitor.page, "goto", load)
    with nullcontext() if more else pytest.raises(UnmetError, match="Timeout"):
        visitor.open("/")


def test_page_that_is_gone_at_a_reload_is_told(visitor, monkeypatch):
    def reload(**_):
        raise Error("Page.reload: net::ERR_CONNECTION_REFUSED\nCall log:")

    visitor.open("/")
    monkeypatch.setattr(visitor.page, "reload", reload)
    with pytest.raises(UnmetError, match=r"the page / after a reload; .*REFUSED"):
        visitor.reload()


@pytest.mark.parametrize("times", [MOST_LOADS - 1, MOST_LOADS])
def test_page_is_loaded_again_when_a_network_changed(visitor, monkeypatch, times):
    def load(*given, **named):
        failures.append(given)
        if len(failures) <= times:
            raise Error("Page.goto: net::ERR_NETWORK_CHANGED at http://localhost/")
        return goto(*given, **named)

    failures, goto = [], visitor.page.goto
    monkeypatch.setattr(visitor.page, "goto", load)
    with nullcontext() if times < MOST_LOADS else pytest.raises(UnmetError, match="NETWORK"):
        visitor.open("/")
    assert (visitor.page.title() == "Home") == (times < MOST_LOADS)


@pytest.mark.parametrize("times", [2, 3])
def test_visit_is_made_again_when_a_network_changed(browser, origin, times):
    def act(visitor):
        visits.append(visitor)
        if len(visits) <= times:
            visitor.seen.has_lost_network = True
            raise UnmetError("a list", "an alert")

    visits = []
    with nullcontext() if times < MOST_VISITS else pytest.raises(ProbeError, match="network"):
        visit(browser, origin, "qwertz: ", act)
    assert len(visits) == MOST_VISITS


def test_visit_that_fails_is_not_made_again(browser, origin):
    def act(visitor):
        visits.append(visitor)
        raise UnmetError("a list", "an alert")

    visits = []
    with pytest.raises(UnmetError):
        visit(browser, origin, "qwertz: ", act)
    assert len(visits) == 1


@pytest.mark.parametrize("has_lost_network", [True, False])
@pytest.mark.parametrize("phase", ["pytest_runtest_setup", "pytest_runtest_call"])
def test_app_is_not_blamed_for_a_network_that_changed(has_lost_network, phase):
    visitors = SimpleNamespace(have_lost_network=lambda: has_lost_network)
    check = getattr(PageFixtures, phase)(SimpleNamespace(_visitors=visitors))
    next(check)
    with pytest.raises(ProbeError if has_lost_network else UnmetError):
        check.throw(UnmetError("a list", "an alert"))


def test_member_who_does_not_come_counts_among_those_who_lost_the_network():
    def refuse(_):
        raise UnmetError("a list", "an alert")

    member = SimpleNamespace(seen=SimpleNamespace(has_lost_network=True))
    visitors = Visitors(SimpleNamespace(member=member, find_member=refuse))
    assert not visitors.have_lost_network()
    with pytest.raises(UnmetError):
        visitors.find_member(None)
    assert visitors.have_lost_network()


@pytest.mark.parametrize("reason", ["net::ERR_NETWORK_CHANGED", "net::ERR_FAILED"])
def test_request_that_a_changed_network_has_ended_is_no_failure_of_the_page(reason):
    handlers, seen = {}, Seen("qwertz: ")
    seen.watch(SimpleNamespace(on=handlers.__setitem__))
    request = SimpleNamespace(failure=reason, method="GET", url="http://localhost/")
    handlers["requestfailed"](request)
    is_lost = reason == "net::ERR_NETWORK_CHANGED"
    assert (seen.has_lost_network, seen.failed == []) == (is_lost, is_lost)
    seen.forget()  # what it left on the page is still there
    assert seen.has_lost_network == is_lost
    seen.begin_visit()
    assert not seen.has_lost_network


def test_page_cannot_feign_that_a_network_changed(visitor):
    visitor.open("/feigned")
    visitor.wait_until(lambda: len(visitor.seen.failed) == 1, "a failure", visitor.describe)
    assert not visitor.seen.has_lost_network
    assert "error: net::ERR_NETWORK_CHANGED" in visitor.seen.console
