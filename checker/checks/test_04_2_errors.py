"""L4.2: what the backend refuses is told in words, and what was typed stays."""

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.visitors import Visitors
from checker.checks.visits import see_tasks
from checker.checks.words import expect_words
from checker.judge.inputs import Inputs

RELOADED = 300  # ms in which a page that is loaded anew would have lost its alert


@check(
    "L4.2",
    points=2,
    needs=("sign_in_by_page",),
    advice="Catch what signIn throws, and show its message; leave the fields as they are.",
)
def test_wrong_password_shows_alert(visitors: Visitors, inputs: Inputs) -> None:
    """A wrong password shows an alert, keeps the e-mail, and the right one works afterwards."""
    user = visitors.register()
    visitor = visitors.come()
    visitor.open("/login")
    visitor.fill("Email", user.email)
    visitor.fill("Password", inputs.make_password())
    visitor.click("button", "Sign in")
    visitor.page.wait_for_timeout(RELOADED)
    expect_words(visitor.see_alert("after a wrong password"))
    kept = visitor.see_field("Email").input_value()
    expect(
        kept == user.email and visitor.path == "/login",
        expected=f"the page /login, with {user.email} still in its field",
        got=f"the page {visitor.path}, with “{kept}”",
        next_step="Sign-in sends no token, so its 401 ends no session: show the detail instead.",
    )
    visitor.fill("Password", user.password)
    visitor.click("button", "Sign in")
    see_tasks(visitor)


@check(
    "L4.2",
    points=2,
    needs=("register_by_page",),
    advice="Show what the backend says in detail; leave the fields as they are.",
)
def test_taken_email_shows_alert(visitors: Visitors, inputs: Inputs) -> None:
    """An e-mail that is taken shows an alert, and what was typed stays."""
    user = visitors.register()
    visitor = visitors.come()
    name = inputs.make_name()
    visitor.open("/register")
    visitor.fill("Name", name)
    visitor.fill("Email", user.email)
    visitor.fill("Password", inputs.make_password())
    visitor.click("button", "Create account")
    expect_words(visitor.see_alert("when the e-mail is taken"))
    kept = {label: visitor.see_field(label).input_value() for label in ("Name", "Email")}
    expect(
        kept == {"Name": name, "Email": user.email},
        expected="the name and the e-mail still in their fields",
        got=f"{kept}",
        next_step="React empties a form whose action is a function: use onSubmit, or give the "
        "fields their values back.",
    )


@check(
    "L4.2",
    points=2,
    needs=("sign_in_by_page",),
    advice="A fetch that gets no answer throws: catch it in callApi, and say so in an alert.",
)
def test_backend_away_is_told_at_sign_in(visitors: Visitors) -> None:
    """With the backend away, Sign in shows an alert and keeps the e-mail."""
    user = visitors.register()
    visitor = visitors.come()
    visitor.open("/login")
    visitor.see_field("Email")
    with visitors.site.away():
        visitor.fill("Email", user.email)
        visitor.fill("Password", user.password)
        visitor.click("button", "Sign in")
        expect_words(visitor.see_alert("when the backend is away"))
    kept = visitor.see_field("Email").input_value()
    expect(
        kept == user.email,
        expected=f"{user.email} still in its field",
        got=f"“{kept}”",
        next_step="fetch raises a TypeError without an answer: catch it where fetch is called.",
    )
    if not visitor.see_field("Password").input_value():
        visitor.fill("Password", user.password)
    visitor.click("button", "Sign in")
    see_tasks(visitor)
