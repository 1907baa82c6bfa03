"""L4.4: who is not signed in sees nothing private, not even for a moment."""

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.steps import User
from checker.checks.visitors import Visitors
from checker.checks.visits import add_by_api, add_by_page, see_tasks
from checker.judge.inputs import Inputs

PRIVATE = ("New task", "Add task", "Sign out")  # the names of controls


@check(
    "L4.4",
    points=2,
    needs=("pages_call_the_named_backend",),
    advice="Let the gate send whoever has no token from /tasks to /login.",
)
def test_private_page_leads_to_login(visitors: Visitors) -> None:
    """A visitor who is not signed in is led from /tasks to /login."""
    visitor = visitors.come()
    visitor.open("/tasks")
    visitor.wait_for_path("/login")
    visitor.see_field("Email")


@check(
    "L4.4",
    points=2,
    needs=("private_page_leads_to_login",),
    advice="Show nothing of a private page before it is known who is there.",
)
def test_no_flash_of_private_content(visitors: Visitors) -> None:
    """On the way to /login nothing private is shown, not even for a moment."""
    visitor = visitors.come()
    with visitors.site.slow(0.3):
        visitor.open("/tasks")
        visitor.wait_for_path("/login")
        visitor.see_field("Email")
    html = visitor.context.request.get(f"{visitor.origin}/tasks").text()
    shown = [name for name in PRIVATE if name in visitor.seen.controls]
    expect(
        not shown,
        expected="neither the form nor the list on the screen of a visitor who is not signed in",
        got=f"for a moment the page showed {', '.join(f'“{word}”' for word in shown)}",
        next_step="Show “Loading…” until it is known who is signed in, and only then the page.",
    )
    sent = [word for word in PRIVATE if f">{word}<" in html]
    expect(
        not sent,
        expected="HTML of /tasks that holds nothing private",
        got=f"HTML with {', '.join(f'“{word}”' for word in sent)}",
        next_step="Let the gate render nothing of the page before it knows who is signed in.",
    )


@check(
    "L4.4",
    points=2,
    needs=("add_task_by_page",),
    advice="Send the token of whoever is signed in, and keep no list between users.",
)
def test_visitors_see_their_own(visitors: Visitors, inputs: Inputs, page_user: User) -> None:
    """Two visitors at once see their own tasks only."""
    title, other = inputs.make_title(), inputs.make_title()
    add_by_api(visitors.backend, page_user, title)
    first, second = visitors.find_member(page_user), visitors.come_as_member()
    add_by_page(second, other)
    first.reload()
    first.see("checkbox", title)
    for visitor, strange in ((first, other), (second, title)):
        expect(
            visitor.find("checkbox", strange).count() == 0,
            expected="the tasks of the user who is signed in",
            got=f"the other user's “{strange}” as well",
            next_step="Send each visitor's own token with every call; keep no list in a module.",
        )


@check(
    "L4.4",
    points=1,
    needs=("visitors_see_their_own", "empty_list_says_so", "sign_out"),
    advice="Keep no list outside of a component: with another user everything begins anew.",
)
def test_next_user_sees_nothing_of_the_last(visitors: Visitors, inputs: Inputs) -> None:
    """Who signs in after another on the same browser sees nothing of the other's."""
    one, two = visitors.register(), visitors.register()
    title = inputs.make_title()
    add_by_api(visitors.backend, one, title)
    visitor = visitors.come_as_member(one)
    visitor.see("checkbox", title)
    visitor.click("button", "Sign out")
    visitor.wait_for_path("/login")
    visitor.see_field("Email")
    visitor.see_no("checkbox", title)
    visitor.begin_anew()
    visitor.fill("Email", two.email)
    visitor.fill("Password", two.password)
    visitor.click("button", "Sign in")
    see_tasks(visitor)
    visitor.see_text("No tasks")
    expect(
        not any(title in text for text in visitor.seen.notes),
        expected="nothing of the user who was signed in before",
        got=f"their task “{title}” on the screen",
        next_step="Throw away what was loaded when the user changes: a key on the page does it.",
    )
