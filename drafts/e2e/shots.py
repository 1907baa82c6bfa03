"""Take a picture of every page and state of the app: light and dark, phone and desktop.

python shots.py WEB API FOLDER [NAME…]
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright
from support import PASSWORD, Api, cut_off, find_axe_faults, open_context, overflows, sign_in, slow_down, wait_for_tasks

web, api, folder = sys.argv[1], Api(sys.argv[2]), Path(sys.argv[3])
only = set(sys.argv[4:])
LONG = "Supercalifragilisticexpialidocious" * 5


def prepare_users() -> dict[str, str]:
    empty, _ = api.add_user()
    some, token = api.add_user()
    api.add_task(token, "Read about <script>alert(1)</script> & friends", status="completed")
    api.add_task(token, LONG)
    api.add_task(token, "Book the train to Turin", description="Window seat.\nNot before nine.", status="in_progress")
    api.add_task(token, "Water the plants", status="completed")
    api.add_task(token, "Write to Charles about the engine")
    api.add_task(token, "Buy oat milk, rye bread and a small bunch of flowers for Saturday")
    many, token = api.add_user("")
    for n in range(60):
        api.add_task(token, f"Task number {n + 1}")
    return {"empty": empty, "some": some, "many": many}


users = prepare_users()


def member(page: Page, who: str) -> None:
    sign_in(page, web, users[who])
    wait_for_tasks(page)


def login(page):
    page.goto(f"{web}/login")
    page.get_by_label("Email").wait_for()


def login_wrong(page):
    sign_in(page, web, users["some"], "wrong password")
    page.get_by_role("alert").filter(has_text="wrong").wait_for()


def login_down(page):
    page.goto(f"{web}/login")
    page.get_by_label("Email").fill("ada@example.com")
    cut_off(page)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Are you building this app?").click()


def login_slow(page):
    login(page)
    slow_down(page, 3000)
    page.get_by_label("Email").fill(users["some"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click(no_wait_after=True)
    page.wait_for_timeout(800)


def login_ended(page):
    member(page, "some")
    page.evaluate("localStorage.setItem('taskboard.token', 'stale')")
    page.reload()
    page.get_by_text("session has ended").wait_for()


def register(page):
    page.goto(f"{web}/register")
    page.get_by_label("Name").wait_for()


def register_422(page):
    register(page)
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Email").fill("ada")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create account").click()
    page.get_by_text("Should have at least").wait_for()


def tasks_empty(page):
    member(page, "empty")


def tasks_list(page):
    member(page, "some")


def tasks_edit(page):
    member(page, "some")
    page.get_by_role("button", name="Edit Book the train to Turin").click()


def tasks_delete(page):
    member(page, "some")
    page.get_by_role("button", name="Delete Buy oat milk").click()


def tasks_delete_failed(page):
    tasks_delete(page)
    cut_off(page)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("alert").filter(has_text="reached").wait_for()


def tasks_422(page):
    member(page, "some")
    page.get_by_label("New task").fill("x" * 201)
    page.get_by_role("button", name="Add task").click()
    page.get_by_text("Should have at most").wait_for()


def tasks_filtered_empty(page):
    member(page, "empty")
    page.get_by_label("Status", exact=True).select_option(label="In progress")
    page.get_by_text("No tasks here").wait_for()


def tasks_sixty(page):
    member(page, "many")
    page.get_by_role("button", name="Load more").scroll_into_view_if_needed()


def tasks_toggle_failed(page):
    member(page, "some")
    cut_off(page)
    page.get_by_role("checkbox", name="Write to Charles").click()
    page.get_by_role("alert").filter(has_text="reached").wait_for()


def tasks_down(page):
    member(page, "some")
    cut_off(page)
    page.reload()
    page.get_by_role("button", name="Try again").wait_for()


def tasks_filter_down(page):
    member(page, "some")
    cut_off(page)
    page.get_by_label("Status", exact=True).select_option(label="Completed")
    page.get_by_role("button", name="Try again").wait_for()


def tasks_loading(page):
    login(page)
    sign_in(page, web, users["some"])
    wait_for_tasks(page)
    slow_down(page, 2500)
    page.get_by_label("Status", exact=True).select_option(label="Completed")
    page.wait_for_timeout(900)


def not_found(page):
    page.goto(f"{web}/nothing-here")
    page.get_by_role("heading", name="There is no such page").wait_for()


STATES = [
    login, login_wrong, login_down, login_slow, login_ended, register, register_422, tasks_empty, tasks_list,
    tasks_edit, tasks_delete, tasks_delete_failed, tasks_422, tasks_filtered_empty, tasks_sixty,
    tasks_toggle_failed, tasks_down, tasks_filter_down, tasks_loading, not_found,
]

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
    )
    faults = 0
    for scheme in ("light", "dark"):
        for width, height in ((375, 760), (1280, 800)):
            for state in STATES:
                if only and state.__name__ not in only:
                    continue
                size = {"width": width, "height": height}
                with open_context(browser, viewport=size, color_scheme=scheme) as context:
                    page = context.new_page()
                    name = f"{state.__name__}-{scheme}-{width}"
                    try:
                        state(page)
                        page.wait_for_timeout(250)
                        problems = find_axe_faults(page)
                        if overflows(page) > 0:
                            problems.append(f"{overflows(page)} px too wide")
                    except Exception as error:
                        problems = [f"BROKE {error}"]
                    page.screenshot(path=folder / f"{name}.png")
                    for problem in problems:
                        print(name, problem, flush=True)
                    faults += len(problems)
    browser.close()
print("faults:", faults)
sys.exit(1 if faults else 0)
