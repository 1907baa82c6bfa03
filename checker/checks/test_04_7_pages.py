"""L4.7: the pages are whole for everybody: axe, a phone, the console."""

from checker.checks.declare import check
from checker.checks.fitness import (
    PHONE,
    expect_clean_console,
    expect_no_serious_fault,
    expect_no_sideways_scroll,
)
from checker.checks.refusals import refuse_password
from checker.checks.steps import User
from checker.checks.task_visits import is_asked
from checker.checks.visitors import Visitors
from checker.checks.visits import (
    add_by_api,
    add_by_page,
    see_list,
    see_tasks,
    sign_in_by_page,
    walk,
)
from checker.judge.inputs import Inputs


@check("L4.7", points=2, needs=("add_task_by_page",))
def test_no_serious_fault_for_axe(visitors: Visitors, page_user: User, inputs: Inputs) -> None:
    """Axe finds no serious fault on any page, light or dark."""
    add_by_api(visitors.backend, page_user, inputs.make_title())
    for visitor, path in walk(visitors, page_user):
        if path == "/tasks":
            see_list(visitor)
        expect_no_serious_fault(visitor, path)


@check(
    "L4.7",
    points=1,
    needs=("no_serious_fault_for_axe", "refused_field_is_told_beside_it"),
    advice="Give what is said of a field a colour that can be read on its ground.",
)
def test_no_serious_fault_after_a_refusal(visitors: Visitors, inputs: Inputs) -> None:
    """Axe finds no serious fault on /register after a password was refused, light or dark."""
    visitor = visitors.come()
    visitor.open("/register")
    refuse_password(visitor, inputs.make_email())
    expect_no_serious_fault(visitor, "/register after a refusal")


@check(
    "L4.7",
    points=1,
    needs=("no_serious_fault_for_axe", "edit_and_cancel", "delete_by_page"),
    advice="Give what Edit and Delete open colours that can be read, light and dark.",
)
def test_no_serious_fault_in_what_opens(
    visitors: Visitors, idle_user: User, inputs: Inputs
) -> None:
    """Axe finds no serious fault in the form of Edit, nor in a dialog of Delete."""
    title = inputs.make_title()
    add_by_api(visitors.backend, idle_user, title)
    visitor = visitors.find_member(idle_user)
    visitor.click("button", f"Edit {title}")
    visitor.see_field("Title")
    expect_no_serious_fault(visitor, "/tasks, with the form that Edit opens")
    visitor.click("button", "Cancel")
    visitor.click("button", f"Delete {title}")
    if is_asked(visitor, title):
        expect_no_serious_fault(visitor, "/tasks, with the dialog that Delete opens")


@check("L4.7", points=1, needs=("edit_and_cancel",))
def test_phone_needs_no_sideways_scroll(
    visitors: Visitors, page_user: User, inputs: Inputs
) -> None:
    """At 375 pixels no page scrolls sideways, whatever a task is called, Edit open or not."""
    step = "Let long words break (overflow-wrap: anywhere) and rows wrap."
    title = inputs.make_word(120)
    add_by_api(visitors.backend, page_user, title)
    for visitor, path in walk(visitors, page_user, **PHONE):
        if path == "/tasks":
            see_list(visitor)
        expect_no_sideways_scroll(visitor, path, step)
        if path == "/tasks":
            visitor.click("button", f"Edit {title}")
            visitor.see_field("Title")
            expect_no_sideways_scroll(visitor, "/tasks, with the form that Edit opens,", step)


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
