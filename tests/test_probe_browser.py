"""A visitor finds by role and name, and says what is there instead."""

import zipfile

import pytest

pytest.importorskip("playwright", reason="locks/browser.lock is not installed")


from checker.checks.visits import list_titles
from checker.errors import ProbeError
from checker.probes.browser.axe import find_serious_faults
from checker.probes.browser.chromium import open_browser
from checker.probes.browser.unmet import UnmetError
from checker.probes.browser.visitor import Visitor

pytest_plugins = ("visitor_fixtures",)
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


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
        visitor.press_until(visitor.find("heading", "Tasks"), "the heading", least=5)


def test_row_that_takes_the_keys_of_its_box_is_reached(visitor):
    visitor.open("/row")
    visitor.press_until(visitor.find("checkbox", "One"), "the box")
    visitor.press("Space")
    assert visitor.find("checkbox", "One").is_checked()


def test_focus_that_is_kept_for_a_while_is_waited_for(visitor):
    visitor.open("/trap")  # as by a dialog until it has gone
    visitor.press_until(visitor.find("button", "Leave"), "the button")
    assert visitor.focus() == "button Leave"


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
