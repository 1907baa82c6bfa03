"""Walk through the contract's Pages table in a real browser, as users do, and say what does not hold.

python selftest.py WEB API [NAME…]      WEB has to be an origin that the backend allows
"""

import re
import sys
import traceback
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright
from support import (
    PASSWORD, Api, cut_off, find_axe_faults, focus_name, open_context, overflows, reconnect, sign_in,
    slow_down, wait_for_tasks, watch,
)
from uuid import uuid4

web, api = sys.argv[1], Api(sys.argv[2])
only = set(sys.argv[3:])
ALERT = "main [role=alert], dialog [role=alert]"

FLASH_WATCH = """
window.flashes = [];
new MutationObserver(() => {
  const text = document.body?.innerText ?? '';
  if (/New task|Sign out|Add task/.test(text)) window.flashes.push(text);
}).observe(document, {childList: true, subtree: true, characterData: true});
"""


def box(page: Page, title: str):
    return page.get_by_role("checkbox", name=title, exact=True)


def add(page: Page, title: str) -> None:
    page.get_by_label("New task").fill(title)
    page.get_by_role("button", name="Add task").click()
    expect(box(page, title).first).to_be_visible()


def new_member(page: Page) -> tuple[str, str]:
    email, token = api.add_user()
    sign_in(page, web, email)
    wait_for_tasks(page)
    return email, token


def check_home_signed_out(page: Page) -> None:
    page.goto(web)
    page.wait_for_url("**/login")


def check_home_signed_in(page: Page) -> None:
    new_member(page)
    page.goto(web)
    wait_for_tasks(page)


def check_register(page: Page) -> None:
    page.goto(f"{web}/login")
    page.get_by_role("link", name="Create account").click()
    page.wait_for_url("**/register")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page).to_have_title(re.compile("Create account"))
    page.get_by_label("Name").fill("Grace")
    page.get_by_label("Email").fill(f"{uuid4().hex[:10]}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    wait_for_tasks(page)
    expect(page.get_by_text("No tasks")).to_be_visible()
    expect(page).to_have_title(re.compile("Tasks"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def check_register_taken(page: Page) -> None:
    email, _ = api.add_user()
    page.goto(f"{web}/register")
    page.get_by_label("Name").fill("Grace")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.locator(ALERT)).to_contain_text("already registered")
    expect(page.get_by_label("Email")).to_have_value(email)
    expect(page.get_by_label("Name")).to_have_value("Grace")


def check_register_422(page: Page) -> None:
    page.goto(f"{web}/register")
    page.get_by_label("Email").fill("nobody")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_label("Password")).to_have_accessible_description(re.compile("8 characters"))
    expect(page.get_by_label("Email")).to_have_accessible_description(re.compile("@"))
    expect(page.get_by_label("Email")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_value("short")


def check_wrong_password(page: Page) -> None:
    email, _ = api.add_user()
    sign_in(page, web, email, "not the password")
    expect(page.locator(ALERT)).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(email)
    assert focus_name(page) != "BODY"
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    wait_for_tasks(page)


def check_reload(page: Page) -> None:
    _, token = new_member(page)
    api.add_task(token, "Still here")
    page.reload()
    wait_for_tasks(page)
    expect(box(page, "Still here")).to_be_visible()


def check_no_flash(page: Page) -> None:
    page.add_init_script(FLASH_WATCH)
    page.goto(f"{web}/tasks")
    page.wait_for_url("**/login")
    page.get_by_label("Email").wait_for()
    assert page.evaluate("window.flashes") == []


def check_no_flash_stale(page: Page) -> None:
    new_member(page)
    page.evaluate("localStorage.setItem('taskboard.token', 'stale')")
    page.add_init_script(FLASH_WATCH)
    seen = watch(page)
    page.reload()
    page.wait_for_url("**/login")
    page.get_by_label("Email").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("window.flashes") == []
    assert seen.paths.count("/login") == 1, seen.paths
    expect(page.get_by_text("session has ended")).to_be_visible()
    assert not page.evaluate("localStorage.length")


def check_401_in_action(page: Page) -> None:
    email, _ = new_member(page)
    page.evaluate("localStorage.setItem('taskboard.token', 'stale')")
    page.get_by_label("New task").fill("Too late")
    page.get_by_role("button", name="Add task").click()
    page.wait_for_url("**/login")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    sign_in(page, web, email)
    wait_for_tasks(page)


def check_sign_out(page: Page) -> None:
    new_member(page)
    page.goto(f"{web}/nothing")
    page.goto(f"{web}/tasks")
    wait_for_tasks(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_text("session has ended")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.go_back()
    expect(page.get_by_label("Email")).to_be_visible()
    page.goto(f"{web}/tasks")
    page.wait_for_url("**/login")


def check_two_tabs(page: Page) -> None:
    new_member(page)
    other = page.context.new_page()
    other.goto(f"{web}/tasks")
    wait_for_tasks(other)
    page.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/login")
    other.get_by_label("Email").wait_for()
    grace, token = api.add_user("Grace")
    api.add_task(token, "Of Grace")
    sign_in(page, web, grace)
    other.wait_for_url("**/tasks")
    expect(box(other, "Of Grace")).to_be_visible()


def check_two_users(page: Page) -> None:
    new_member(page)
    add(page, "Secret of one")
    with open_context(page.context.browser) as context:
        other = context.new_page()
        new_member(other)
        expect(other.get_by_text("No tasks")).to_be_visible()


def check_add(page: Page) -> None:
    _, token = new_member(page)
    add(page, "First")
    expect(page.get_by_label("New task")).to_be_focused()
    expect(page.get_by_label("New task")).to_have_value("")
    add(page, "Second")
    assert page.get_by_role("listitem").first.inner_text().startswith("Second")
    expect(page.get_by_role("status")).to_have_text("Added “Second”.")
    page.reload()
    wait_for_tasks(page)
    assert page.get_by_role("listitem").count() == 2
    assert api.call("GET", "/api/tasks", token=token)["total"] == 2


def check_add_422(page: Page) -> None:
    new_member(page)
    page.get_by_label("New task").fill("x" * 201)
    page.get_by_label("New task").press("Enter")
    expect(page.get_by_label("New task")).to_have_accessible_description(re.compile("200"))
    expect(page.get_by_label("New task")).to_have_value("x" * 201)
    page.get_by_label("New task").fill("   ")
    page.get_by_label("New task").press("Enter")
    expect(page.get_by_label("New task")).to_have_accessible_description(re.compile("at least 1"))


def check_tick(page: Page) -> None:
    _, token = new_member(page)
    add(page, "Tick me")
    box(page, "Tick me").check()
    expect(page.get_by_role("status")).to_contain_text("Completed")
    assert api.call("GET", "/api/tasks", token=token)["items"][0]["status"] == "completed"
    page.reload()
    expect(box(page, "Tick me")).to_be_checked()
    box(page, "Tick me").uncheck()
    expect(page.get_by_role("status")).to_contain_text("Pending")
    assert api.call("GET", "/api/tasks", token=token)["items"][0]["status"] == "pending"


def check_edit(page: Page) -> None:
    _, token = new_member(page)
    api.add_task(token, "Old words", description="Keep me")
    page.reload()
    page.get_by_role("button", name="Edit Old words").click()
    expect(page.get_by_label("Title")).to_be_focused()
    page.get_by_label("Title").fill("Nonsense")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Edit Old words")).to_be_focused()
    page.get_by_role("button", name="Edit Old words").press("Enter")
    page.get_by_label("Title").press("Escape")
    expect(page.get_by_role("button", name="Edit Old words")).to_be_focused()
    page.get_by_role("button", name="Edit Old words").press("Enter")
    page.get_by_label("Title").fill("New words")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Edit New words")).to_be_focused()
    task = api.call("GET", "/api/tasks", token=token)["items"][0]
    assert (task["title"], task["description"]) == ("New words", "Keep me")


def check_edit_422(page: Page) -> None:
    new_member(page)
    add(page, "Fine")
    page.get_by_role("button", name="Edit Fine").click()
    page.get_by_label("Title").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Title")).to_have_accessible_description(re.compile("at least 1"))
    expect(page.get_by_label("Title")).to_be_focused()


def check_delete(page: Page) -> None:
    new_member(page)
    for title in ("Three", "Two", "One"):
        add(page, title)
    page.get_by_role("button", name="Delete Two").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Delete Two")).to_be_focused()
    for title, heir in (("Two", box(page, "Three")), ("Three", box(page, "One")), ("One", page.get_by_label("New task"))):
        page.get_by_role("button", name=f"Delete {title}").click()
        dialog.get_by_role("button", name="Delete").click()
        expect(box(page, title)).to_have_count(0)
        expect(heir).to_be_focused()
    expect(page.get_by_text("No tasks")).to_be_visible()


def check_filter(page: Page) -> None:
    _, token = new_member(page)
    for status in ("pending", "in_progress", "completed"):
        api.add_task(token, f"Is {status}", status=status)
    page.reload()
    wait_for_tasks(page)
    status = page.get_by_label("Status", exact=True)
    assert status.locator("option").all_inner_texts() == ["All", "Pending", "In progress", "Completed"]
    for label, title in (("In progress", "Is in_progress"), ("Completed", "Is completed"), ("Pending", "Is pending")):
        status.focus()
        status.select_option(label=label)
        expect(box(page, title)).to_be_visible()
        assert page.get_by_role("listitem").count() == 1
        expect(status).to_be_focused()
    box(page, "Is pending").click()
    expect(page.get_by_text("No tasks")).to_be_visible()
    expect(page.get_by_label("New task")).to_be_focused()


def check_sixty(page: Page) -> None:
    _, token = new_member(page)
    for n in range(1, 61):
        api.add_task(token, f"Number {n}")
    page.reload()
    items = page.get_by_role("listitem")
    expect(items).to_have_count(50)
    assert items.first.inner_text().startswith("Number 60")
    page.get_by_role("button", name="Load more").click()
    expect(items).to_have_count(60)
    expect(box(page, "Number 10")).to_be_focused()
    assert items.last.inner_text().startswith("Number 1")
    expect(page.get_by_role("button", name="Load more")).to_have_count(0)


def check_load_more_moved(page: Page) -> None:
    """Tasks that were added elsewhere push others down: none is shown twice."""
    _, token = new_member(page)
    for n in range(1, 61):
        api.add_task(token, f"Number {n}")
    page.reload()
    expect(page.get_by_role("listitem")).to_have_count(50)
    api.add_task(token, "From elsewhere")
    page.get_by_role("button", name="Load more").click()
    expect(page.get_by_role("listitem")).to_have_count(60)
    assert len(set(page.get_by_role("checkbox").evaluate_all("all => all.map(e => e.id)"))) == 60


def check_double_click(page: Page) -> None:
    _, token = new_member(page)
    slow_down(page, 700)
    seen = watch(page)
    page.get_by_label("New task").fill("Once")
    page.get_by_role("button", name="Add task").dblclick()
    page.get_by_role("button", name="Add task").click(force=True)
    page.get_by_label("New task").press("Enter")
    expect(box(page, "Once")).to_be_visible()
    page.wait_for_timeout(1000)
    assert seen.count("POST", "/api/tasks") == 1
    box(page, "Once").dblclick(force=True)
    page.wait_for_timeout(1500)
    assert sum(r.method == "PATCH" for r in seen.requests) == 1
    page.get_by_role("button", name="Delete Once").dblclick()
    page.get_by_role("dialog").get_by_role("button", name="Delete").dblclick(force=True)
    expect(box(page, "Once")).to_have_count(0)
    page.wait_for_timeout(1000)
    assert sum(r.method == "DELETE" for r in seen.requests) == 1


def check_slow_sign_in(page: Page) -> None:
    email, _ = api.add_user()
    page.goto(f"{web}/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    slow_down(page, 1500)
    seen = watch(page)
    button = page.get_by_role("button", name="Sign in")
    button.click(no_wait_after=True)
    expect(button).to_be_disabled()
    expect(button).to_be_focused()
    button.click(force=True)
    wait_for_tasks(page)
    assert seen.count("POST", "/api/auth/token") == 1


def check_down_at_load(page: Page) -> None:
    new_member(page)
    add(page, "Patience")
    cut_off(page)
    page.reload()
    expect(page.locator(ALERT)).to_contain_text("cannot be reached")
    again = page.get_by_role("button", name="Try again")
    again.focus()
    again.press("Enter")
    expect(page.locator(ALERT)).to_contain_text("cannot be reached")
    expect(again).to_be_focused()
    reconnect(page)
    again.click()
    expect(box(page, "Patience")).to_be_visible()
    assert focus_name(page) != "BODY"


def check_down_at_list(page: Page) -> None:
    new_member(page)
    add(page, "Patience")
    cut_off(page)
    page.get_by_label("Status", exact=True).select_option(label="Pending")
    again = page.get_by_role("button", name="Try again")
    again.click()
    expect(again).to_be_focused()
    reconnect(page)
    again.click()
    expect(box(page, "Patience")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def check_down_in_action(page: Page) -> None:
    new_member(page)
    add(page, "Steady")
    cut_off(page)
    page.get_by_label("New task").fill("Words that took time")
    page.get_by_role("button", name="Add task").click()
    expect(page.locator(ALERT)).to_be_visible()
    expect(page.get_by_label("New task")).to_have_value("Words that took time")
    page.get_by_role("button", name="Edit Steady").click()
    page.get_by_label("Title").fill("Typed with care")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("li [role=alert]")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Typed with care")
    reconnect(page)
    page.get_by_role("button", name="Save").click()
    expect(box(page, "Typed with care")).to_be_visible()
    page.get_by_role("button", name="Add task").click()
    expect(box(page, "Words that took time")).to_be_visible()
    expect(page.locator(ALERT)).to_have_count(0)


def check_cors_refused(page: Page) -> None:
    """The same pages from an origin that the backend does not list."""
    page.goto(web.replace("localhost", "127.0.0.1") + "/login")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(ALERT)).to_contain_text("cannot be reached")
    page.get_by_text("Are you building this app?").click()
    expect(page.get_by_text("CORS_ORIGINS")).to_be_visible()
    expect(page.get_by_text("http://127.0.0.1:").first).to_be_visible()


def check_markup(page: Page) -> None:
    new_member(page)
    page.on("dialog", lambda d: (_ for _ in ()).throw(AssertionError(d.message)))
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    add(page, evil)
    assert page.locator("main img, main script").count() == 0
    page.get_by_role("button", name=f"Delete {evil}").click()
    expect(page.get_by_role("dialog")).to_contain_text(evil)


def check_token_hidden(page: Page) -> None:
    seen = watch(page)
    new_member(page)
    token = page.evaluate("localStorage.getItem('taskboard.token')")
    add(page, "Anything")
    html = page.request.get(f"{web}/tasks").text() + page.content()
    assert token not in html
    assert all(token not in r.url for r in seen.requests)


def check_console(page: Page) -> None:
    seen = watch(page)
    new_member(page)
    for path in ("/tasks", "/", "/register", "/login"):
        page.goto(web + path)
        wait_for_tasks(page)
    page.get_by_role("button", name="Sign out").click()
    for path in ("/login", "/register", "/tasks", "/"):
        page.goto(web + path)
        page.wait_for_timeout(300)
    assert seen.console == [], seen.console
    failed = [r.url for r in seen.requests if r.failure and r.failure != "net::ERR_ABORTED"]
    assert failed == [], failed


def check_not_found(page: Page) -> None:
    answer = page.goto(f"{web}/nothing/here")
    assert answer.status == 404
    page.get_by_role("link", name="Go to your tasks").click()
    page.wait_for_url("**/login")


def check_axe(page: Page) -> None:
    _, token = api.add_user()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in ("/login", "/register", "/nothing"):
            page.goto(web + path)
            page.get_by_role("heading", level=1).wait_for()
            assert find_axe_faults(page) == []
    _, token = new_member(page)
    api.add_task(token, "Open")
    api.add_task(token, "Done", status="completed")
    api.add_task(token, "Doing", status="in_progress", description="Words")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        page.get_by_role("button", name="Edit Open").click()
        assert find_axe_faults(page) == []
        page.get_by_role("button", name="Delete Done").click()
        assert find_axe_faults(page) == []


def press_until(page: Page, name: str, key: str = "Tab") -> None:
    for _ in range(40):
        if name in focus_name(page):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} cannot be reached; focus is on {focus_name(page)}")


def check_keyboard(page: Page) -> None:
    page.goto(f"{web}/login")
    page.get_by_label("Email").wait_for()
    press_until(page, "A:Create account")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register")
    press_until(page, "Name")
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.type(f"{uuid4().hex[:10]}@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    wait_for_tasks(page)
    press_until(page, "New task")
    page.keyboard.type("Typed")
    page.keyboard.press("Enter")
    expect(box(page, "Typed")).to_be_visible()
    press_until(page, "INPUT:Typed")
    page.keyboard.press("Space")
    expect(box(page, "Typed")).to_be_checked()
    assert "INPUT:Typed" in focus_name(page)
    press_until(page, "Edit Typed")
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Retyped")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Edit Retyped")).to_be_focused()
    press_until(page, "Delete Retyped")
    page.keyboard.press("Enter")
    press_until(page, "BUTTON:Delete")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No tasks")).to_be_visible()
    expect(page.get_by_label("New task")).to_be_focused()
    press_until(page, "Sign out")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login")


def check_narrow(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    for path in ("/login", "/register", "/nothing"):
        page.goto(web + path)
        page.get_by_role("heading", level=1).wait_for()
        assert overflows(page) == 0, path
    _, token = new_member(page)
    api.add_task(token, "W" * 200, description="W" * 500)
    page.reload()
    expect(box(page, "W" * 200)).to_be_visible()
    assert overflows(page) == 0
    page.get_by_role("button", name="Edit WWW").click()
    assert overflows(page) == 0
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Delete WWW").click()
    assert overflows(page) == 0
    page.set_viewport_size({"width": 320, "height": 600})
    assert overflows(page) == 0


def check_late_change(page: Page) -> None:
    """A slow list that comes after the filter was changed back is not shown."""
    _, token = new_member(page)
    api.add_task(token, "Is done", status="completed")
    api.add_task(token, "Is open")
    page.reload()
    expect(box(page, "Is open")).to_be_visible()
    page.route("**/api/tasks?*completed*", lambda r: (page.wait_for_timeout(800), r.continue_()))
    status = page.get_by_label("Status", exact=True)
    status.select_option(label="Completed")
    status.select_option(label="Pending")
    expect(box(page, "Is open")).to_be_visible()
    page.wait_for_timeout(1200)
    expect(box(page, "Is open")).to_be_visible()
    expect(box(page, "Is done")).to_have_count(0)


def check_one_request_each(page: Page) -> None:
    """Signing in asks for a token, for the user and for the list: each once."""
    seen = watch(page)
    new_member(page)
    page.wait_for_timeout(500)
    counts = [seen.count("POST", "/api/auth/token"), seen.count("GET", "/api/auth/me"), seen.count("GET", "/api/tasks")]
    assert counts == [1, 1, 1], counts


def check_broken_page(page: Page) -> None:
    """An answer that nobody expected breaks the page: the error page says so and can try again."""
    _, token = new_member(page)
    api.add_task(token, "Unhurt")
    page.route("**/api/tasks?*", lambda r: r.fulfill(json={"items": None, "total": 1}, headers={"Access-Control-Allow-Origin": web}))
    page.reload()
    expect(page.get_by_role("heading", name="Something broke")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.unroute("**/api/tasks?*")
    page.get_by_role("button", name="Try again").click()
    expect(box(page, "Unhurt")).to_be_visible()
    assert focus_name(page) != "BODY"


CHECKS = {name.removeprefix("check_"): f for name, f in list(globals().items()) if name.startswith("check_")}

failures = []
with sync_playwright() as playwright:
    browser: Browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
    )
    for name, check in CHECKS.items():
        if only and name not in only:
            continue
        with open_context(browser) as context:
            page = context.new_page()
            try:
                check(page)
                print("ok  ", name, flush=True)
            except Exception:
                failures.append(name)
                page.screenshot(path=f"./failed-{name}.png")
                lines = traceback.format_exc().splitlines()
                print("FAIL", name, *lines[-14:], sep="\n     ", flush=True)
    browser.close()
print(f"{len(failures)} failed", *failures)
sys.exit(1 if failures else 0)
