"""L4.7: tasks are added, ticked, changed and deleted; the focus and the page stay whole."""

from typing import TYPE_CHECKING

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.fitness import (
    PHONE,
    expect_clean_console,
    expect_focus,
    expect_no_serious_fault,
    expect_no_sideways_scroll,
)
from checker.checks.steps import User
from checker.checks.visitors import Visitors
from checker.checks.visits import (
    add_by_api,
    add_by_page,
    advise,
    see_list,
    see_tasks,
    sign_in_by_page,
    walk,
)
from checker.judge.inputs import Inputs
from checker.probes.postgres.stock import DatabaseStock

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor

ROW = "SELECT status FROM task WHERE title = %s"


@check(
    "L4.7",
    points=2,
    needs=("reload_keeps_the_session",),
    advice="Put the task that the backend answers with before the others, and empty the field.",
)
def test_add_task_by_page(member: "Visitor", inputs: Inputs, databases: DatabaseStock) -> None:
    """Add task puts a task on top of the list and into the database, and empties the field."""
    older, title = inputs.make_title(), inputs.make_title()
    add_by_page(member, older)
    add_by_page(member, title)
    member.wait_until(
        lambda: not member.see_field("New task").input_value(),
        "an empty field “New task” after the task was added",
        lambda: f"“{member.see_field('New task').input_value()}” in it",
    )
    first = member.page.get_by_role("listitem").get_by_role("checkbox").first
    expect(
        first.and_(member.find("checkbox", title)).count() == 1,
        expected=f"“{title}” on top of the list",
        got="another task there",
        next_step="Put the new task before the others: newest first.",
    )
    wait_for_row(member, databases, title, "pending")
    member.reload()
    member.see("checkbox", title)


@check(
    "L4.7",
    points=2,
    needs=("add_task_by_page",),
    advice="Send PATCH with the new status, and show the task that comes back.",
)
def test_tick_and_untick(member: "Visitor", inputs: Inputs, databases: DatabaseStock) -> None:
    """Ticking a task completes it, after a reload too; unticking makes it pending."""
    title = inputs.make_title()
    add_by_page(member, title)
    member.click("checkbox", title)
    wait_for_row(member, databases, title, "completed")
    member.reload()
    expect(
        member.see("checkbox", title).is_checked(),
        expected="the box ticked after a reload",
        got="the box empty",
        next_step='Tick the box when task.status === "completed".',
    )
    member.click("checkbox", title)
    wait_for_row(member, databases, title, "pending")
    member.wait_until(
        lambda: not member.find("checkbox", title).is_checked(),
        "the box empty again",
        lambda: "a box that is ticked",
    )


@check(
    "L4.7",
    points=2,
    needs=("add_task_by_page",),
    advice="Open a form in place of the task; Save sends what was changed, Cancel closes it.",
)
def test_edit_and_cancel(
    visitors: Visitors, inputs: Inputs, databases: DatabaseStock, page_user: User
) -> None:
    """Edit opens a field Title; Save keeps the change and the rest, Cancel changes nothing."""
    title, new, note = inputs.make_title(), inputs.make_title(), inputs.make_title()
    add_by_api(visitors.backend, page_user, title, description=note, status="in_progress")
    member = visitors.find_member(page_user)
    member.click("button", f"Edit {title}")
    kept = member.see_field("Title").input_value()
    expect(
        kept == title,
        expected=f"the field “Title” to hold “{title}”",
        got=f"“{kept}”",
        next_step="Give the field the task's title to begin with.",
    )
    member.fill("Title", inputs.make_title())
    member.click("button", "Cancel")
    member.see("button", f"Edit {title}")
    wait_for_row(member, databases, title, "in_progress")
    member.click("button", f"Edit {title}")
    member.fill("Title", new)
    member.click("button", "Save")
    member.see("checkbox", new)
    member.wait_until(
        lambda: bool(databases.query(ROW, new)),
        f"a row of the table task with “{new}”",
        lambda: "none",
    )
    rows = databases.query("SELECT description, status FROM task WHERE title = %s", new)
    expect(
        rows == [(note, "in_progress")],
        expected="the description and the status as they were",
        got=f"{rows}",
        next_step="Send only what was changed: PATCH keeps the rest.",
    )
    member.reload()
    member.see("checkbox", new)
    member.see_no("checkbox", title)


@check(
    "L4.7",
    points=2,
    needs=("add_task_by_page",),
    advice="Send DELETE, and take the task out of the list when the answer has come.",
)
def test_delete_by_page(member: "Visitor", inputs: Inputs, databases: DatabaseStock) -> None:
    """Delete removes one task, from the list and from the database, and no other."""
    kept, gone = inputs.make_title(), inputs.make_title()
    add_by_page(member, kept)
    add_by_page(member, gone)
    delete_task(member, gone)

    def list_left() -> list[str]:
        rows = databases.query("SELECT title FROM task WHERE title IN (%s, %s)", kept, gone)
        return [row[0] for row in rows]

    with advise("Send DELETE for the one task."):
        member.wait_until(
            lambda: list_left() == [kept],
            f"“{kept}” left in the table task",
            lambda: f"{list_left()}",
        )
    member.reload()
    member.see("checkbox", kept)
    member.see_no("checkbox", gone)


@check(
    "L4.7",
    points=2,
    needs=("tick_and_untick", "edit_and_cancel"),
    advice="Show the alert, keep the form open, and let the box show what the backend has.",
)
def test_failed_change_is_told(visitors: Visitors, member: "Visitor", inputs: Inputs) -> None:
    """When a change fails, an alert says so; the box goes back, and what was typed stays."""
    title, new = inputs.make_title(), inputs.make_title()
    add_by_page(member, title)
    with visitors.site.away():
        member.click("checkbox", title)
        member.see_alert("when a task could not be ticked")
        member.wait_until(
            lambda: not member.find("checkbox", title).is_checked(),
            "the box empty again, as the task is",
            lambda: f"a box that is ticked, or none, on {member.describe()}",
        )
    member.reload()  # the next alert is a new one
    member.see("checkbox", title)
    with visitors.site.away():
        member.click("button", f"Edit {title}")
        member.fill("Title", new)
        member.click("button", "Save")
        member.see_alert("when a task could not be changed")
        kept = member.see_field("Title").input_value()
    expect(
        kept == new,
        expected=f"“{new}” still in the field “Title”",
        got=f"“{kept}”",
        next_step="Close the form only after the backend has taken the change.",
    )
    member.click("button", "Save")
    member.see("checkbox", new)


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
        member.press("Enter")
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
    member.press("Enter")
    member.see("checkbox", f"{titles[0]}!")
    expect_focus(member, "Save")
    delete_task(member, titles[1], "Enter")
    expect_focus(member, "Delete")


@check(
    "L4.7",
    points=3,
    needs=("focus_is_never_lost", "sign_out"),
    advice="Use real buttons, links and inputs: they take the focus and the keys by themselves.",
)
def test_all_by_keyboard(visitors: Visitors, inputs: Inputs, databases: DatabaseStock) -> None:
    """Sign in, add, tick, delete and sign out work with the keyboard alone."""
    user = visitors.register()
    visitor = visitors.come()
    title = inputs.make_title()
    visitor.open("/login")
    visitor.press_until(visitor.see_field("Email"), "the field “Email”")
    visitor.page.keyboard.type(user.email)
    visitor.press_until(visitor.field("Password"), "the field “Password”")
    visitor.page.keyboard.type(user.password)
    visitor.press("Enter")
    see_tasks(visitor)
    visitor.press_until(visitor.field("New task"), "the field “New task”")
    visitor.page.keyboard.type(title)
    visitor.press("Enter")
    box = visitor.see("checkbox", title)
    visitor.press_until(visitor.find("checkbox", title), f"the checkbox “{title}”")
    visitor.press("Space")
    visitor.wait_until(box.is_checked, "Space to tick the task", lambda: "an empty box")
    wait_for_row(visitor, databases, title, "completed")
    visitor.reload()  # the answer is not to meet what comes next
    visitor.press_until(visitor.find("button", f"Delete {title}"), f"the button “Delete {title}”")
    visitor.press("Enter")
    confirm_delete(visitor, title, "Enter")
    visitor.see_no("checkbox", title)
    visitor.press_until(visitor.find("button", "Sign out"), "the button “Sign out”")
    visitor.press("Enter")
    visitor.wait_for_path("/login")


@check("L4.7", points=2, needs=("add_task_by_page",))
def test_no_serious_fault_for_axe(visitors: Visitors, page_user: User, inputs: Inputs) -> None:
    """Axe finds no serious fault on any page, light or dark."""
    add_by_api(visitors.backend, page_user, inputs.make_title())
    for visitor, path in walk(visitors, page_user):
        if path == "/tasks":
            see_list(visitor)
        expect_no_serious_fault(visitor, path)


@check("L4.7", points=1, needs=("add_task_by_page",))
def test_phone_needs_no_sideways_scroll(
    visitors: Visitors, page_user: User, inputs: Inputs
) -> None:
    """At 375 pixels no page scrolls sideways, whatever a task is called."""
    step = "Let long words break (overflow-wrap: anywhere) and rows wrap."
    add_by_api(visitors.backend, page_user, inputs.make_word(120))
    for visitor, path in walk(visitors, page_user, **PHONE):
        if path == "/tasks":
            see_list(visitor)
        expect_no_sideways_scroll(visitor, path, step)


@check("L4.7", points=2, needs=("add_task_by_page",))
def test_console_stays_clean(visitors: Visitors, inputs: Inputs) -> None:
    """No page writes an error into the console, warns of hydration, or asks for what fails."""
    visitor = visitors.come()
    visitor.open("/register")
    visitor.see("button", "Create account")
    sign_in_by_page(visitor, visitors.register())
    add_by_page(visitor, inputs.make_title())
    visitor.reload()
    see_tasks(visitor)
    expect_clean_console(visitor)


def wait_for_row(visitor: "Visitor", databases: DatabaseStock, title: str, status: str) -> None:
    """Wait until the database has the task with this status."""
    visitor.wait_until(
        lambda: databases.query(ROW, title) == [(status,)],
        f"a row of the table task with “{title}”, {status}",
        lambda: f"{databases.query(ROW, title)}",
    )


def delete_task(visitor: "Visitor", title: str, key: str = "") -> None:
    """Delete a task, with the mouse or with a key, and wait until it is gone."""
    if key:
        visitor.find("button", f"Delete {title}").press(key)
    else:
        visitor.click("button", f"Delete {title}")
    confirm_delete(visitor, title, key)
    visitor.see_no("checkbox", title)


def confirm_delete(visitor: "Visitor", title: str, key: str = "") -> None:
    """Say yes when the page asks in a dialog; it need not ask."""
    dialog = visitor.page.get_by_role("dialog").or_(visitor.page.get_by_role("alertdialog"))
    button = visitor.find("button", "Delete", dialog)
    visitor.wait_until(
        lambda: button.count() > 0 or visitor.find("checkbox", title).count() == 0,
        f"a dialog with a button “Delete”, or “{title}” gone from the list",
        visitor.describe,
    )
    if button.count() and key:
        visitor.press_until(button, "the button “Delete” of the dialog")
        visitor.press(key)
    elif button.count():
        button.first.click()
