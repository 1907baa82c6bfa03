"""What visitors of the pages do in many checks: sign in, add and find tasks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from checker.checks.expect import expect_object, expect_status
from checker.checks.steps import User
from checker.errors import ProbeError
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.browser.unmet import UnmetError

if TYPE_CHECKING:  # lessons without pages load no browser's driver
    from playwright.sync_api import Browser

    from checker.checks.visitors import Visitors
    from checker.probes.browser.visitor import Visitor

MOST_VISITS = 3  # attempts, as long as networks of the machine change


@contextmanager
def advise(next_step: str) -> Iterator[None]:
    """Say what to do about anything that is waited for in vain here."""
    try:
        yield
    except UnmetError as error:
        raise UnmetError(error.expected, error.got, error.next_step or next_step) from error


def visit(browser: "Browser", origin: str, mark: str, act: "Callable[[Visitor], None]") -> None:
    """Let somebody new do something, and again when a network changed: three times at most.

    Args:
        browser: Where they look.
        origin: The address of the site.
        mark: See `Visitor`.
        act: What they do.

    Raises:
        ProbeError: networks change all the time.
    """
    from checker.probes.browser.visitor import Visitor

    for left in reversed(range(MOST_VISITS)):
        visitor = Visitor(browser, origin, mark)
        try:
            act(visitor)
        except Exception as error:
            if not visitor.seen.has_lost_network:
                raise
            if not left:
                raise make_network_error() from error
        else:
            return
        finally:
            visitor.close()


@contextmanager
def excuse_network(find: "Callable[[], Visitors | None]") -> Iterator[None]:
    """Blame no app for what visitors missed while a network of the machine changed.

    Args:
        find: Returns the visitors, those too who came meanwhile.

    Raises:
        ProbeError: instead of what went wrong.
    """
    try:
        yield
    except Exception as error:
        visitors = find()
        if visitors and visitors.have_lost_network():
            raise make_network_error() from error
        raise


def make_network_error() -> ProbeError:
    """Make the error for requests that the browser gave up."""
    return ProbeError(
        "a network of this machine changed, and the browser gave up what it was loading",
        "Run the check again; start no containers and no VPN meanwhile.",
    )


def use_pages(visitor: "Visitor", user: User, inputs: Inputs) -> None:
    """Sign in, add a task, and see it after a reload."""
    title = inputs.make_title()
    sign_in_by_page(visitor, user)
    add_by_page(visitor, title)
    visitor.reload()
    visitor.see("checkbox", title)


def sign_in_by_page(visitor: "Visitor", user: User) -> None:
    """Sign in on the page, and wait for the tasks."""
    visitor.open("/login")
    visitor.fill("Email", user.email)
    visitor.fill("Password", user.password)
    visitor.click("button", "Sign in")
    see_tasks(visitor)


def see_tasks(visitor: "Visitor") -> None:
    """Wait for the page of tasks.

    Raises:
        UnmetError: it does not come; an alert on the page is told.
    """
    try:
        visitor.wait_for_path("/tasks")
        visitor.see("heading", "Tasks")
        visitor.see_field("New task")
    except UnmetError as error:
        if cause := explain_cors(visitor):
            raise UnmetError(error.expected, cause, MEND_CORS) from error
        raise


def see_list(visitor: "Visitor") -> None:
    """Wait until the list has come: it has tasks, or the page says that there are none."""
    boxes, empty = visitor.page.get_by_role("checkbox"), visitor.page.get_by_text("No tasks")
    visitor.wait_until(
        lambda: boxes.or_(empty).count() > 0, "the list, or “No tasks”", visitor.describe
    )


MEND_CORS = (
    "A browser calls every answer a CORS failure that has no Access-Control-Allow-Origin. When the "
    "backend's log shows a 500, mend that error: one made outside of the CORS middleware has none."
)


def explain_cors(visitor: "Visitor") -> str:
    """Say that the browser withheld an answer from the page, if it did."""
    blocked = [line for line in visitor.seen.console if "CORS policy" in line]
    return f"the browser withheld an answer: {blocked[-1]}" if blocked else ""


def walk(visitors: "Visitors", user: User, **look: Any) -> Iterator[tuple["Visitor", str]]:
    """Open every page, those of members too, and yield who is on it and its path."""
    guest = visitors.come(**look)
    for path, button in (("/login", "Sign in"), ("/register", "Create account")):
        guest.open(path)
        guest.see("button", button)
        yield guest, path
    member = visitors.find_member(user)
    member.look_through(**look)
    yield member, "/tasks"


def add_by_page(visitor: "Visitor", title: str) -> None:
    """Add a task on the page, and wait for it in the list."""
    visitor.fill("New task", title)
    visitor.click("button", "Add task")
    visitor.see("checkbox", title)


def list_titles(visitor: "Visitor") -> list[str]:
    """Return the titles of the list as it stands, in order."""
    boxes = visitor.page.get_by_role("listitem").get_by_role("checkbox")
    titles: list[str] = boxes.evaluate_all(NAMES)
    return titles


NAMES = """(boxes) => boxes.map((box) => {
  const read = (shown) => {
    const said = shown?.cloneNode(true);
    said?.querySelectorAll('[aria-hidden=true], [hidden]').forEach((mark) => mark.remove());
    return said?.textContent ?? '';
  };
  const ids = (box.getAttribute('aria-labelledby') || '').split(/\\s+/);
  const said = ids.map((id) => read(document.getElementById(id))).join(' ');
  const name = said.trim() || box.getAttribute('aria-label') || read(box.labels?.[0]) || read(box);
  return (name || box.title || '').replace(/\\s+/g, ' ').trim();
})"""


def add_by_api(backend: Backend, user: User, title: str, **fields: object) -> str:
    """Add a task over the API, and return its id."""
    answer = backend.post("/api/tasks", json={"title": title, **fields}, token=user.token)
    expect_status(answer, 201, "Finish adding tasks first: ./course hint L3.4")
    return str(expect_object(answer)["id"])
