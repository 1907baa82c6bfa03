"""A visitor finds by role and name, and says what is there instead."""

import zipfile
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

import pytest
from local_server import serve_pages

pytest.importorskip("playwright", reason="locks/browser.lock is not installed")

from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as TooLate

from checker.checks.page_fixtures import PageFixtures
from checker.checks.visitors import Visitors
from checker.checks.visits import MOST_VISITS, list_titles, visit
from checker.errors import ProbeError
from checker.probes.browser.axe import find_serious_faults
from checker.probes.browser.chromium import open_browser
from checker.probes.browser.seen import Seen
from checker.probes.browser.unmet import UnmetError
from checker.probes.browser.visitor import MOST_LOADS, Visitor

pytest_plugins = ("browser_fixtures",)
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PAGES = {
    "/": "<title>Home</title><body><h1>Tasks</h1><p>Hello</p>"
    "<div id='__next-route-announcer__' role='alert'>Home</div>"
    "<label>Email <input></label><input placeholder='Nameless'>"
    "<button>Log in</button><button>Cancel</button>",
    "/alert": "<body><p role='alert'>Wrong password</p>",
    "/marked": "<body><label>Email<i aria-hidden='true'> *</i> <input></label>"
    "<label for='p'>Password<i aria-hidden='true'> *</i></label><input id='p' type='password'>"
    "<label>Name (optional) <input></label><input placeholder='Title'>",
    "/drawn": "<style>.no { position: absolute; clip-path: inset(50%); width: 1px; height: 1px }"
    "b { display: inline-block; width: 20px; height: 20px; border: 1px solid }</style><ul><li>"
    "<label><input type='checkbox' class='no'><b></b> <i aria-hidden='true'>✓</i> One</label>"
    "<li><input id='t' type='checkbox' class='no'><label for='t'><b></b>  Two</label>"
    "<li><label style='position: relative'><input type='checkbox' style='opacity: 0'>"
    "<b style='position: absolute; left: 0'></b> Three</label>"
    "<li><input type='checkbox' aria-label='Four'></ul>",
    "/quiet": "<body><div role='log' aria-label='Said'></div>"
    "<div role='log' aria-label='Hidden' style='display:none'></div>",
    "/error": "<body><script>console.error('broken'); nowhere();</script><img src='/none.png'>",
    "/flash": "<body><main>Secret <button>Reveal</button> <label>Code <input></label>"
    "<button style='display:none'>Hidden</button></main><script>requestAnimationFrame(() => "
    "requestAnimationFrame(() => location.replace('/')))</script>",
    "/counts": "<body><h1>0</h1><button onclick='++this.previousSibling.textContent'>Send</button>",
    "/turns": "<body><button onclick='this.textContent += \"!\"'>Send</button>",
    "/empty": "<body></body>",
    "/feigned": "<body><script>console.error('net::ERR_NETWORK_CHANGED');"
    "fetch('/none?net::ERR_NETWORK_CHANGED')</script>",
    "/select": "<body><label>Status <select><option>All</option><option>In progress</option>"
    "</select></label><label>Status of others <select><option>Done</option></select></label>",
    "/grey": "<html lang='en'><title>Grey</title><body><main><h1 style='color:#ddd'>Pale</h1>",
}
# What component libraries make of a select: a button, and a list elsewhere that hides the rest.
PAGES["/listbox"] = (
    "<body><main><b id='label'>Status</b> <button id='status' role='combobox' "
    "aria-labelledby='label status' aria-expanded='false' aria-controls='list'>"
    "All <i aria-hidden='true'>▼</i></button>"
    "<label>Other <select><option>Done</option></select></label></main>"
    "<div id='list' role='listbox' hidden><div role='option'>All <i aria-hidden='true'>✓</i></div>"
    "<div role='option'>In progress</div></div><div role='option'>Done</div><script>"
    "const main = document.querySelector('main'), list = document.getElementById('list');"
    "const button = main.querySelector('button');"
    "const show = (is) => { list.hidden = !is; main.ariaHidden = is ? 'true' : null; };"
    "button.onclick = () => show(true);"
    "list.onclick = (e) => { button.firstChild.data = e.target.firstChild.data; show(false); };"
    "</script>"
)
# Others make a field of it that only takes keys, with the option that is chosen beside it.
PAGES["/beside"] = (
    "<body><label for='status'>Status</label><div><span aria-live='polite'></span><div><b>All</b>"
    "<i><input id='status' role='combobox' aria-expanded='false'></i></div>"
    "<div id='list' role='listbox' hidden><div role='option'>All</div>"
    "<div role='option'>In progress</div></div></div><script>"
    "const list = document.getElementById('list');"
    "const live = document.querySelector('span'), shown = document.querySelector('b');"
    "document.getElementById('status').onclick = () => "
    "{ list.hidden = false; live.textContent = 'Two options'; };"
    "list.onclick = (e) => { shown.textContent = e.target.textContent; list.hidden = true; };"
    "</script>"
)
PAGES["/shut"] = "<body><button role='combobox' aria-label='Status'>All</button>"
# A page that lies about itself to whoever asks in its own world.
PAGES["/liar"] = PAGES["/grey"].replace(
    "<body>",
    "<body><script>Object.defineProperty(window, 'axe', {value: {run: async () => "
    "({violations: []})}}); Object.defineProperty(Document.prototype, 'activeElement', "
    "{get: () => document.querySelector('h1')}); JSON.stringify = () => '{}';"
    "console.debug = () => {}; requestAnimationFrame = () => 0;"
    "Object.defineProperty(HTMLElement.prototype, 'innerText', {get: () => ''});</script>",
)


@pytest.fixture(scope="module")
def origin():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            page = PAGES.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_):
            pass

    with serve_pages(Handler) as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def visitor(browser, origin):
    visitor = Visitor(browser, origin, "qwertz: ")
    yield visitor
    visitor.close()


@pytest.fixture
def lose_patience(visitor, monkeypatch):
    def lose():
        """Wait no longer than it takes to be sure, on pages that do not change any more."""
        for name in ("PATIENCE", "BAD_NEWS"):
            monkeypatch.setattr(f"checker.probes.browser.onlooker.{name}", 300)
        visitor.patience = 300
        visitor.context.set_default_timeout(300)

    return lose


def test_missing_browser_is_told_with_what_installs_one(monkeypatch, tmp_path):
    monkeypatch.setattr("checker.probes.browser.chromium.list_browsers", lambda: iter(()))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", f"{tmp_path}")
    wanted = "no Chromium, Chrome or Edge was found"
    with pytest.raises(ProbeError, match=wanted) as caught, open_browser():
        pass
    assert "install" in caught.value.next_step


def test_missing_button_names_those_that_are_there(visitor, lose_patience):
    visitor.open("/")
    lose_patience()
    with pytest.raises(UnmetError) as caught:
        visitor.see("button", "Sign in")
    assert caught.value.expected == "a button named “Sign in” on /"
    assert caught.value.got == "there are buttons “Log in”, “Cancel”"


def test_field_is_found_by_its_whole_label(visitor, lose_patience):
    visitor.open("/")
    visitor.fill("Email", "ada@example.com")
    assert visitor.see_field("Email").input_value() == "ada@example.com"
    lose_patience()
    with pytest.raises(UnmetError, match="a field labelled “Mail”"):
        visitor.see_field("Mail")


def test_mark_that_is_hidden_from_the_name_of_a_field_does_not_count(visitor, lose_patience):
    visitor.open("/marked")
    for label in ("Email", "Password"):
        visitor.fill(label, "typed")
        assert visitor.see_field(label).input_value() == "typed"
    lose_patience()
    for label in ("Name", "Title"):
        with pytest.raises(UnmetError, match=f"a field labelled “{label}”"):
            visitor.see_field(label)


def test_box_that_its_label_draws_is_ticked_by_the_mouse(visitor):
    visitor.open("/drawn")
    names = ["One", "Two", "Three", "Four"]
    assert list_titles(visitor) == names
    for name in names:
        visitor.click("checkbox", name)
        assert visitor.find("checkbox", name).is_checked()


def test_alert_is_none_of_the_route_announcers(visitor, lose_patience):
    visitor.open("/alert")
    assert visitor.see_alert("when it matters") == "Wrong password"
    visitor.open("/")
    lose_patience()
    with pytest.raises(UnmetError, match="an alert"):
        visitor.see_alert("when it matters")


def test_region_that_says_nothing_yet_is_seen(visitor, lose_patience):
    visitor.open("/quiet")
    visitor.see("log", "Said")
    lose_patience()
    with pytest.raises(UnmetError, match="Hidden"):
        visitor.see("log", "Hidden")


def test_second_click_hits_nothing_else(visitor):
    visitor.open("/counts")
    visitor.click_twice("button", "Send")
    visitor.see("heading", "2")
    visitor.open("/turns")
    visitor.click_twice("button", "Send")
    visitor.see("button", "Send!")


def test_console_and_failed_requests_are_kept(visitor):
    visitor.open("/error")
    assert any("broken" in line for line in visitor.seen.console)
    assert any("nowhere is not defined" in line for line in visitor.seen.console)
    assert any("/none.png: 404" in line for line in visitor.seen.failed)


def test_what_is_shown_for_a_moment_is_noted(visitor):
    visitor.open("/flash")
    visitor.wait_for_path("/")
    assert any("Secret" in text for text in visitor.seen.notes)
    assert {"Reveal", "Code"} <= visitor.seen.controls
    assert not {"Hidden", "Secret"} & visitor.seen.controls
    assert not any("qwertz" in line for line in visitor.seen.console)


def test_page_that_does_not_answer_is_told(visitor, lose_patience):
    visitor.origin = "http://localhost:1"
    lose_patience()
    with pytest.raises(UnmetError, match="the page /login"):
        visitor.open("/login")


def test_keyboard_leads_to_a_button_or_says_where_it_stands(visitor, lose_patience):
    visitor.open("/")
    visitor.press_until(visitor.find("button", "Cancel"), "the button “Cancel”")
    assert visitor.focus() == "button Cancel"
    lose_patience()
    with pytest.raises(UnmetError, match="the key Tab to lead to"):
        visitor.press_until(visitor.find("heading", "Tasks"), "the heading", most=5)


def test_axe_names_serious_faults_only(visitor):
    visitor.open("/grey")
    assert [fault.rule for fault in find_serious_faults(visitor.page)] == ["color-contrast"]


def test_page_cannot_lie_about_itself(visitor):
    visitor.open("/liar")
    assert visitor.page.evaluate("document.activeElement.tagName") == "H1"
    assert visitor.focus() == ""
    assert [fault.rule for fault in find_serious_faults(visitor.page)] == ["color-contrast"]
    visitor.wait_until(lambda: "Pale" in visitor.seen.notes, "what is shown", str)


def test_picture_is_taken(visitor, tmp_path):
    visitor.open("/")
    assert visitor.take_picture(tmp_path / "new" / "page.png")
    assert (tmp_path / "new" / "page.png").stat().st_size > 500


def test_browser_that_becomes_new_has_kept_nothing(visitor):
    visitor.open("/")
    visitor.page.evaluate(
        "localStorage.a = sessionStorage.b = '1'; document.cookie = 'c=1; path=/'"
    )
    visitor.look_through(width=375, scheme="dark")
    assert visitor.become_new()
    visitor.look_through()
    visitor.open("/")
    kept = visitor.page.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie, innerWidth,"
        " matchMedia('(prefers-color-scheme: dark)').matches]"
    )
    assert kept == [0, 0, "", 1280, False]
    assert visitor.seen.paths == ["/"]


def test_browser_whose_page_is_gone_does_not_become_new(visitor):
    visitor.page.close()
    assert not visitor.become_new()


def test_trace_holds_what_happened_since_its_beginning(browser, origin, tmp_path):
    visitor = Visitor(browser, origin, "qwertz: ", is_traced=True)
    visitor.open("/alert")
    visitor.leave_page()
    visitor.trace.begin()
    visitor.open("/")
    file = tmp_path / "new" / "trace.zip"
    assert visitor.trace.keep(file)
    visitor.close()
    with zipfile.ZipFile(file) as trace:
        events = b"".join(trace.read(n) for n in trace.namelist() if n.endswith(".trace"))
    assert b"/alert" not in events
    assert f"{origin}/".encode() in events


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


@pytest.mark.parametrize("path", ["/select", "/listbox", "/beside"])
def test_select_is_read_and_changed_whoever_made_it(visitor, path):
    visitor.open(path)
    assert visitor.list_options("Status") == ["All", "In progress"]
    assert visitor.read_choice("Status") == "All"
    visitor.choose("Status", "In progress")
    assert visitor.read_choice("Status") == "In progress"


@pytest.mark.parametrize("path", ["/select", "/listbox", "/beside"])
def test_select_option_of_another_select_is_missed(visitor, path):
    visitor.hurry()
    visitor.open(path)
    with pytest.raises(UnmetError, match="Done"):
        visitor.choose("Status", "Done")


def test_combobox_that_opens_no_list_is_told(visitor):
    visitor.hurry()
    visitor.open("/shut")
    with pytest.raises(UnmetError, match=r"a list of options .* after a click on “Status”; none"):
        visitor.list_options("Status")
