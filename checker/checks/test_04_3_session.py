"""L4.3: the pages know who is signed in."""

from typing import TYPE_CHECKING

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.visitors import TOKEN, Visitors
from checker.checks.visits import see_tasks, sign_in_by_page
from checker.judge.inputs import Inputs
from checker.judge.variables import SECRET
from checker.probes.postgres.stock import DatabaseStock

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor

SETTLED = 700  # ms in which a loop of redirects would show


@check(
    "L4.3",
    points=2,
    needs=("pages_call_the_named_backend",),
    advice="Keep the token that signIn gets, then go to /tasks.",
)
def test_sign_in_by_page(member: "Visitor") -> None:
    """Sign in leads to /tasks."""
    see_tasks(member)


@check(
    "L4.3",
    points=2,
    needs=("sign_in_by_page",),
    advice="After POST /api/auth/register sign in with the same e-mail and password.",
)
def test_register_by_page(visitors: Visitors, inputs: Inputs, databases: DatabaseStock) -> None:
    """Create account makes a user, signs in and leads to /tasks."""
    visitor = visitors.come()
    email, name = inputs.make_email(), inputs.make_name()
    visitor.open("/login")
    visitor.click("link", "Create account")
    visitor.wait_for_path("/register")
    visitor.see("link", "Sign in")
    visitor.fill("Name", name)
    visitor.fill("Email", email)
    visitor.fill("Password", inputs.make_password())
    visitor.click("button", "Create account")
    see_tasks(visitor)
    rows = databases.query('SELECT name FROM "user" WHERE lower(email) = %s', email)
    expect(
        rows == [(name,)],
        expected=f"a row of the table user with the name {name}",
        got=f"{rows}",
        next_step="Send the three fields to POST /api/auth/register, then sign in.",
    )


@check(
    "L4.3",
    points=1,
    needs=("reload_keeps_the_session", "private_page_leads_to_login"),
    advice="Let src/app/page.tsx redirect to /tasks; the gate there leads on to /login.",
)
def test_home_leads_on(visitors: Visitors, member: "Visitor") -> None:
    """The address / leads to /tasks when signed in, and to /login when not."""
    member.open("/")
    see_tasks(member)
    visitor = visitors.come()
    visitor.open("/")
    visitor.wait_for_path("/login")


@check(
    "L4.3",
    points=2,
    needs=("sign_in_by_page",),
    advice="Keep the token where a reload finds it, and read it when the page begins.",
)
def test_reload_keeps_the_session(member: "Visitor") -> None:
    """A reload keeps the session."""
    member.reload()
    see_tasks(member)


@check(
    "L4.3",
    points=2,
    needs=("sign_in_by_page", "private_page_leads_to_login"),
    advice="Let signOut remove the token; the gate then leads to /login.",
)
def test_sign_out(visitors: Visitors) -> None:
    """Sign out leads to /login, and /tasks stays closed afterwards."""
    visitor = visitors.come_as_member()
    visitor.click("button", "Sign out")
    visitor.wait_for_path("/login")
    visitor.see_field("Email")
    visitor.open("/tasks")
    visitor.wait_for_path("/login")
    visitor.see_field("Email")


@check(
    "L4.3",
    points=3,
    needs=("sign_out", "no_flash_of_private_content"),
    advice="Where callApi meets a 401, drop the token; the gate then leads to /login.",
)
def test_refused_token_leads_to_login_once(visitors: Visitors, inputs: Inputs) -> None:
    """A token that the backend no longer takes leads to /login once, and a new sign-in works."""
    user = visitors.register()
    visitor = visitors.come_as_member(user)
    visitor.leave_page()
    step = "Where callApi meets a 401, drop the token that was refused; the gate leads to /login."
    with visitors.site.restarted({SECRET: inputs.make_secret()}):
        visitor.open("/tasks")
        visitor.wait_for_path("/login")
        visitor.page.wait_for_timeout(SETTLED)
        trips = count_arrivals(visitor.seen.paths, "/login")
        expect(
            trips == 1 and visitor.path == "/login",
            expected="one trip to /login, where it ends",
            got=f"{trips} trips: {' → '.join(visitor.seen.paths[:12])}",
            next_step=step,
        )
        visitor.see_field("Email")
        expect(
            "Add task" not in visitor.seen.controls,
            expected="nothing private on the way",
            got="for a moment the page showed the button “Add task”",
            next_step="Ask GET /api/auth/me before a private page is shown.",
        )
        sign_in_by_page(visitor, user)


@check(
    "L4.3",
    points=2,
    needs=("refused_token_leads_to_login_once", "add_task_by_page"),
    advice="Send every call through callApi: it meets each 401, whatever was being done.",
)
def test_action_with_refused_token_leads_to_login(visitors: Visitors, inputs: Inputs) -> None:
    """An action that the backend answers with 401 leads to /login too."""
    visitor = visitors.come_as_member()
    with visitors.site.restarted({SECRET: inputs.make_secret()}):
        visitor.fill("New task", inputs.make_title())
        visitor.click("button", "Add task")
        visitor.wait_for_path("/login")
        visitor.see_field("Email")


@check("L4.3", points=2, needs=("reload_keeps_the_session",))
def test_token_stays_hidden(visitors: Visitors) -> None:
    """The token is in no address and in no page source."""
    visitor = visitors.come_as_member()
    visitor.reload()
    see_tasks(visitor)
    leaks = [url for url in visitor.seen.urls if TOKEN.search(url)]
    sent = visitor.context.request.get(f"{visitor.origin}/tasks").text()
    places = {
        "an address that was asked for": bool(leaks),
        "the page's source": bool(TOKEN.search(sent) or TOKEN.search(visitor.page.content())),
    }
    found = [place for place, holds in places.items() if holds]
    expect(
        not found,
        expected="the token nowhere but in the Authorization header and in the app's storage",
        got=f"the token in {' and in '.join(found)}",
        next_step="Send it as Authorization: Bearer, and render nothing that holds it.",
    )


def count_arrivals(paths: list[str], wanted: str) -> int:
    """Return how often a page was come to; the same address twice in a row is no new arrival."""
    changes = [p for p, before in zip(paths, ["", *paths], strict=False) if p != before]
    return changes.count(wanted)
