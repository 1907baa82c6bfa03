"""L4.7: tasks are added, ticked, changed and deleted."""

from typing import TYPE_CHECKING

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.fitness import LATE
from checker.checks.once import expect_one, wait_for_others
from checker.checks.steps import User
from checker.checks.task_visits import ROW, delete_task, find_question, wait_for_row
from checker.checks.visitors import Visitors
from checker.checks.visits import add_by_api, add_by_page, advise, list_titles
from checker.judge.inputs import Inputs
from checker.probes.postgres.stock import DatabaseStock

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor
    from checker.probes.node.site import Site


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
    points=1,
    needs=("add_task_by_page", "filter_by_status"),
    advice="Put a new task into the list only when it has the status that is chosen.",
)
def test_new_task_obeys_the_filter(
    visitors: Visitors, inputs: Inputs, databases: DatabaseStock, idle_user: User
) -> None:
    """A task that is added while Status is Completed does not stand among the completed ones."""
    done, title = inputs.make_title(), inputs.make_title()
    add_by_api(visitors.backend, idle_user, done, status="completed")
    member = visitors.find_member(idle_user)
    member.see("checkbox", done)
    member.choose("Status", "Completed")
    member.fill("New task", title)
    member.click("button", "Add task")
    wait_for_row(member, databases, title, "pending")
    member.wait_until(
        lambda: not member.see_field("New task").input_value(),
        "an empty field “New task” after the task was added",
        member.describe,
    )
    member.page.wait_for_timeout(LATE)
    member.wait_until(
        lambda: list_titles(member) == [done] or member.read_choice("Status") != "Completed",
        f"only “{done}” under Completed, or All chosen again",
        lambda: f"{list_titles(member)} under {member.read_choice('Status')}",
    )


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
    points=1,
    needs=("failed_change_is_told", "delete_by_page"),
    advice="Show the error of the dialog's action in an alert, in the dialog or on the page.",
)
def test_failed_delete_is_told(visitors: Visitors, member: "Visitor", inputs: Inputs) -> None:
    """When a task could not be deleted, an alert says so."""
    title = inputs.make_title()
    add_by_page(member, title)
    with visitors.site.away():
        member.click("button", f"Delete {title}")
        question = find_question(member)
        member.wait_until(
            lambda: question.count() > 0 or member.alerts().count() > 0,
            f"a dialog with a button “Delete”, or an alert that “{title}” could not be deleted",
            member.describe,
            is_bad_news=True,
        )
        if question.count():
            question.first.click()
        member.see_alert("when a task could not be deleted")


@check(
    "L4.7",
    points=1,
    needs=("edit_and_cancel", "delete_by_page", "double_click_adds_one"),
    advice="Let useAction run what Save and Delete do: it begins no second call meanwhile.",
)
def test_double_click_changes_once(
    visitors: Visitors, inputs: Inputs, page_user: User, site: "Site"
) -> None:
    """A double click on Save changes a task once, and one on Delete deletes it once."""
    title, new = inputs.make_title(), inputs.make_title()
    path = f"/api/tasks/{add_by_api(visitors.backend, page_user, title)}"
    member = visitors.find_member(page_user)
    member.click("button", f"Edit {title}")
    member.fill("Title", new)
    mark = site.gateway.mark()
    with site.held():
        member.click_twice("button", "Save")
        wait_for_others(member, site, ("PATCH", path), mark)
    member.see("checkbox", new)
    expect_one(site, ("PATCH", path), mark)
    with site.held():
        delete_twice(member, site, new, path)
    member.see_no("checkbox", new)
    expect_one(site, ("DELETE", path), mark)


def delete_twice(visitor: "Visitor", site: "Site", title: str, path: str) -> None:
    """Click twice on what deletes a task: the button of the dialog, or of the task itself."""
    call, mark = ("DELETE", path), site.gateway.mark()
    visitor.click("button", f"Delete {title}")
    button, question = visitor.find("button", f"Delete {title}"), find_question(visitor)
    visitor.wait_until(
        lambda: question.count() > 0 or site.gateway.count(*call, mark) > 0,
        f"a dialog with a button “Delete”, or {' '.join(call)}",
        visitor.describe,
    )
    if question.count():
        button = question.first
        button.click()
    visitor.click_again(button)
    wait_for_others(visitor, site, call, mark)
