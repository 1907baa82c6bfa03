"""L4.7: the keyboard alone does everything, and the focus is never lost."""

from typing import TYPE_CHECKING

from checker.checks.declare import check
from checker.checks.fitness import expect_focus
from checker.checks.task_visits import confirm_delete, delete_task, wait_for_row
from checker.checks.visitors import Crowd, Visitors
from checker.checks.visits import see_list, see_tasks
from checker.judge.inputs import Inputs
from checker.probes.browser.unmet import UnmetError
from checker.probes.postgres.stock import DatabaseStock

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor

LOADED = "performance.timeOrigin"  # of the document
PAUSES = (100, 400, 1600, 6400)  # ms between two keys


@check(
    "L4.7",
    points=3,
    needs=("edit_and_cancel", "delete_by_page"),
    advice="What had the focus is gone: let rescueFocus give it to something that stays.",
)
def test_focus_is_never_lost(member: "Visitor", inputs: Inputs) -> None:
    """After every action with the keyboard something on the page has the focus."""
    titles = [inputs.make_title() for _ in range(2)]
    member.see_field("New task").focus()
    for title in titles:
        member.fill("New task", title)
        press_button(member, "Add task")
        member.see("checkbox", title)
    expect_focus(member, "Add task")
    member.find("button", f"Edit {titles[0]}").press("Enter")
    member.see_field("Title")
    expect_focus(member, "Edit")
    member.find("button", "Cancel").press("Enter")
    member.see("button", f"Edit {titles[0]}")
    expect_focus(member, "Cancel")
    member.find("button", f"Edit {titles[0]}").press("Enter")
    member.fill("Title", f"{titles[0]}!")
    press_button(member, "Save")
    member.see("checkbox", f"{titles[0]}!")
    expect_focus(member, "Save")
    delete_task(member, titles[1], "Enter")
    expect_focus(member, "Delete")


@check(
    "L4.7",
    points=1,
    needs=("focus_is_never_lost", "sixty_tasks_come_in_pages"),
    advice="The last page takes the button away: give the focus to the first of the new tasks.",
)
def test_focus_after_load_more(visitors: Visitors, crowd: Crowd) -> None:
    """After Load more, pressed by the keyboard, something has the focus."""
    visitor = visitors.come_as_member(crowd.user)
    visitor.see("button", "Load more").focus()  # fifty tasks are many keys
    press_button(visitor, "Load more")
    visitor.see("checkbox", crowd.titles[-1])
    visitor.see_no("button", "Load more")
    expect_focus(visitor, "Load more")


@check(
    "L4.7",
    points=1,
    needs=("focus_is_never_lost", "backend_away_offers_try_again"),
    advice="The button goes away with the alert: give the focus to the heading, say.",
)
def test_focus_after_try_again(visitors: Visitors, member: "Visitor") -> None:
    """After Try again, pressed by the keyboard, something has the focus."""
    with visitors.site.away():
        member.reload()
        member.see("button", "Try again").focus()
    loaded = member.page.evaluate(LOADED)
    press_button(member, "Try again")
    see_tasks(member)
    see_list(member)
    if member.page.evaluate(LOADED) == loaded:  # a page that was loaded anew has no focus yet
        expect_focus(member, "Try again")


@check(
    "L4.7",
    points=1,
    needs=("focus_is_never_lost", "wrong_password_shows_alert"),
    advice="Mark the button with aria-disabled while the call runs: disabled takes the focus away.",
)
def test_focus_stays_when_sign_in_is_refused(visitors: Visitors, inputs: Inputs) -> None:
    """After a wrong password, with Sign in pressed by the keyboard, something has the focus."""
    visitor = visitors.come()
    visitor.open("/login")
    visitor.fill("Email", visitors.register().email)
    visitor.fill("Password", inputs.make_password())
    visitor.find("button", "Sign in").press("Enter")
    visitor.see_alert("after a wrong password")
    expect_focus(visitor, "Sign in")


@check(
    "L4.7",
    points=3,
    needs=("focus_is_never_lost", "sign_out"),
    advice="Use real buttons, links and inputs: they take the focus and the keys by themselves.",
)
def test_all_by_keyboard(visitors: Visitors, inputs: Inputs, databases: DatabaseStock) -> None:
    """Sign in, add, tick, delete, filter and sign out work with the keyboard alone."""
    user = visitors.register()
    visitor = visitors.come()
    title = inputs.make_title()
    visitor.open("/login")
    visitor.press_until(visitor.see_field("Email"), "the field “Email”")
    visitor.page.keyboard.type(user.email)
    visitor.press_until(visitor.field("Password"), "the field “Password”")
    visitor.page.keyboard.type(user.password)
    press_button(visitor, "Sign in")
    see_tasks(visitor)
    visitor.press_until(visitor.field("New task"), "the field “New task”")
    visitor.page.keyboard.type(title)
    press_button(visitor, "Add task")
    box = visitor.see("checkbox", title)
    visitor.press_until(visitor.find("checkbox", title), f"the checkbox “{title}”")
    visitor.press("Space")
    visitor.wait_until(box.is_checked, "Space to tick the task", lambda: "an empty box")
    wait_for_row(visitor, databases, title, "completed")
    visitor.reload()  # the answer is not to meet what comes next
    press_button(visitor, f"Delete {title}")
    confirm_delete(visitor, title, "Enter")
    visitor.see_no("checkbox", title)
    choose_by_keys(visitor, "Status")
    press_button(visitor, "Sign out")
    visitor.wait_for_path("/login")


def choose_by_keys(visitor: "Visitor", label: str) -> None:
    """Choose another option of a select by ↓ and Enter, as the pattern of a combobox has it.

    The browser's own select needs no check: it knows its keys, others on each system. A key that
    comes before a list is ready for it is lost, so they are pressed again, with more time.
    """
    if visitor.has_native_select(label):
        return
    select, chosen = visitor.find("combobox", label), visitor.read_choice(label)
    for pause in PAUSES:
        visitor.press_until(select, f"the select “{label}”")
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            visitor.press(key)
            visitor.page.wait_for_timeout(pause)
            if select.count() and visitor.read_choice(label) != chosen:  # while it is open: hidden
                return
    raise UnmetError(
        f"the keys ↓ and Enter to choose another option of “{label}”", f"“{chosen}”, as before"
    )


def press_button(visitor: "Visitor", name: str) -> None:
    """Go to a button by Tab, and press Enter: in a field, Enter need not send."""
    visitor.press_until(visitor.find("button", name), f"the button “{name}”")
    visitor.press("Enter")
