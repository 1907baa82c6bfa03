"""L4.5: forms keep what was typed, show what was refused, and send once."""

import re
from typing import TYPE_CHECKING

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.once import Call, expect_one, wait_for_others
from checker.checks.refusals import NEARBY, refuse_password
from checker.checks.visitors import Visitors
from checker.checks.visits import add_by_page, advise, see_tasks
from checker.checks.words import expect_words
from checker.judge.inputs import Inputs
from checker.probes.postgres.stock import DatabaseStock

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor
    from checker.probes.node.site import Site

ADDING: Call = ("POST", "/api/tasks")
REGISTERING: Call = ("POST", "/api/auth/register")
SIGNING_IN: Call = ("POST", "/api/auth/token")
USABLE = "e => !e.matches(':disabled') && e.getAttribute('aria-disabled') !== 'true'"
THEY_WAIT = (
    "Write the form of /login. The browser signs in through it, so all that comes after waits for "
    "L4.5; npm test in frontend/ judges L4.1 to L4.3 until then."
)
DISABLE = "Set aria-disabled while the action runs: unlike with disabled, the focus stays."


@check(
    "L4.5",
    points=1,
    needs=("frontend_builds",),
    advice="Write the form in components/auth/login-form.tsx, with the labels of the contract.",
)
def test_login_has_its_form(visitors: Visitors) -> None:
    """The page /login has the fields Email and Password, and leads to the other page."""
    visitor = visitors.come()
    visitor.open("/login")
    with advise(THEY_WAIT):
        visitor.see_field("Email")
        visitor.see_field("Password")
        visitor.see("button", "Sign in")
        visitor.see("link", "Create account")


@check(
    "L4.5",
    points=2,
    needs=("register_by_page",),
    advice="Give each field its message of the 422: readFieldErrors finds them by the name.",
)
def test_refused_field_is_told_beside_it(visitors: Visitors, inputs: Inputs) -> None:
    """A password that is too short is told beside its field, and what was typed stays."""
    visitor = visitors.come()
    email = inputs.make_email()
    visitor.open("/register")
    field = refuse_password(visitor, email)
    expect_words(field.evaluate(NEARBY))
    kept = visitor.see_field("Email").input_value()
    expect(
        kept == email and visitor.path == "/register",
        expected=f"the page /register, with {email} still in its field",
        got=f"the page {visitor.path}, with “{kept}”",
        next_step="Keep the fields as they are when the backend answers 422.",
    )


@check(
    "L4.5",
    points=2,
    needs=("add_task_by_page",),
    advice="Show the message of the 422 beside the field or in an alert, and keep the text.",
)
def test_refused_title_is_told(member: "Visitor", inputs: Inputs) -> None:
    """A title of 201 characters is told in an alert or beside the field, and stays in it."""
    long = inputs.make_word(201)
    field = member.see_field("New task")
    member.fill("New task", long)
    typed = field.input_value()
    if len(typed) < len(long):
        return  # the field takes no more than 200 characters: nothing can be refused
    member.click("button", "Add task")
    member.wait_until(
        lambda: member.alerts().count() > 0 or bool(field.evaluate(NEARBY)),
        "the reason why a title of 201 characters is refused",
        member.describe,
    )
    expect_words(" ".join([field.evaluate(NEARBY), *member.alerts().all_inner_texts()]))
    expect(
        field.input_value() == long,
        expected="the title still in its field",
        got=f"“{field.input_value()[:60]}”",
        next_step="Empty the field only after the backend has taken the task.",
    )


@check(
    "L4.5",
    points=2,
    needs=("add_task_by_page",),
    advice="Empty the field only after the backend has taken the task.",
)
def test_typed_stays_when_backend_is_away(
    visitors: Visitors, member: "Visitor", inputs: Inputs
) -> None:
    """When adding a task fails, an alert says so and the title stays; a second try works."""
    title = inputs.make_title()
    add_by_page(member, inputs.make_title())  # the list is there, or the alert could be its own
    member.fill("New task", title)
    with visitors.site.away():
        member.click("button", "Add task")
        member.see_alert("when the task could not be added")
        kept = member.see_field("New task").input_value()
    expect(
        kept == title,
        expected=f"“{title}” still in the field",
        got=f"“{kept}”",
        next_step="Empty the field only after the backend has taken the task.",
    )
    member.click("button", "Add task")
    member.see("checkbox", title)


@check(
    "L4.5",
    points=2,
    needs=("add_task_by_page",),
    advice="Let useAction begin no second call while the first one runs.",
)
def test_double_click_adds_one(member: "Visitor", inputs: Inputs, site: "Site") -> None:
    """A double click on Add task makes one task."""
    title = inputs.make_title()
    member.fill("New task", title)
    mark = site.gateway.mark()
    with site.held():
        member.see("button", "Add task").dblclick()
        wait_for_others(member, site, ADDING, mark)
    member.see("checkbox", title)
    expect_one(site, ADDING, mark)


@check(
    "L4.5",
    points=2,
    needs=("double_click_adds_one",),
    advice="Mark the button with aria-disabled while the call runs, and begin no other.",
)
def test_slow_answer_sends_one(member: "Visitor", inputs: Inputs, site: "Site") -> None:
    """While a task is being added the button is disabled, and clicks and Enter add no other."""
    title = inputs.make_title()
    member.fill("New task", title)
    mark = site.gateway.mark()
    with site.held():
        member.click("button", "Add task")
        with advise(DISABLE):
            member.wait_until(
                lambda: not is_ready(member),
                "a button that is disabled (disabled or aria-disabled) while the task is added",
                lambda: "a button that looks ready all the time",
            )
        for button in member.page.get_by_role("button", name=re.compile("^Add")).all():
            button.dispatch_event("click")
        member.see_field("New task").press("Enter", timeout=5000, no_wait_after=True)
        wait_for_others(member, site, ADDING, mark)
    member.see("checkbox", title)
    expect_one(site, ADDING, mark)


@check(
    "L4.5",
    points=1,
    needs=("sign_in_by_page",),
    advice="Let useAction begin no second call while the first one runs.",
)
def test_slow_sign_in_sends_one(visitors: Visitors, site: "Site") -> None:
    """A double click on Sign in signs in once."""
    user = visitors.register()
    visitor = visitors.come()
    visitor.open("/login")
    visitor.fill("Email", user.email)
    visitor.fill("Password", user.password)
    mark = site.gateway.mark()
    with site.held():
        visitor.see("button", "Sign in").dblclick()
        wait_for_others(visitor, site, SIGNING_IN, mark)
    see_tasks(visitor)
    expect_one(site, SIGNING_IN, mark)


@check(
    "L4.5",
    points=1,
    needs=("register_by_page", "slow_sign_in_sends_one"),
    advice="Let useAction begin no second call while the first one runs.",
)
def test_double_click_registers_once(visitors: Visitors, inputs: Inputs, site: "Site") -> None:
    """A double click on Create account registers once."""
    visitor = visitors.come()
    visitor.open("/register")
    visitor.fill("Name", inputs.make_name())
    visitor.fill("Email", inputs.make_email())
    visitor.fill("Password", inputs.make_password())
    mark = site.gateway.mark()
    with site.held():
        visitor.click_twice("button", "Create account")
        wait_for_others(visitor, site, REGISTERING, mark)
    see_tasks(visitor)
    expect_one(site, REGISTERING, mark)


@check(
    "L4.5",
    points=2,
    needs=("add_task_by_page",),
    advice="Put the title into braces, {task.title}, and nothing into dangerouslySetInnerHTML.",
)
def test_markup_stays_text(member: "Visitor", inputs: Inputs, databases: DatabaseStock) -> None:
    """HTML and script in a title are shown as text, and nothing of them runs."""
    word = inputs.make_word()
    title = f"<b>{word}</b><img src=x onerror=\"document.title='{word}'\">"
    member.fill("New task", title)
    member.click("button", "Add task")
    member.see_text(re.compile(word))
    member.page.wait_for_timeout(200)  # a picture that does not exist fails a moment later
    made = member.page.locator("b", has_text=word).or_(member.page.locator("img[src=x]")).count()
    expect(
        member.page.title() != word and not made,
        expected="the title as text",
        got="its script run" if member.page.title() == word else "its markup as elements",
        next_step="Write {task.title}: React shows it as text. Never dangerouslySetInnerHTML.",
    )
    member.wait_until(
        lambda: bool(databases.query("SELECT 1 FROM task WHERE title = %s", title)),
        f"a row of the table task with “{title}”",
        lambda: "no such row",
    )
    member.reload()
    member.see("checkbox", title)


def is_ready(visitor: "Visitor") -> bool:
    """Tell whether the page has a button “Add task” that can be used."""
    return any(button.evaluate(USABLE) for button in visitor.find("button", "Add task").all())
