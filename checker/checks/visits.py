"""What visitors of the pages do in many checks: come, sign in, add and find tasks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.checks.expect import expect_object, expect_status
from checker.checks.steps import User, register_user
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.browser.unmet import UnmetError

if TYPE_CHECKING:  # lessons without pages load no browser's driver
    from playwright.sync_api import Browser

    from checker.probes.browser.visitor import Visitor
    from checker.probes.node.site import Site

MOST_LINES = 6
TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+")


@dataclass(frozen=True)
class Crowd:
    """A user with more tasks than a page holds.

    Attributes:
        titles: Newest first; a check that adds one puts it in front.
    """

    user: User
    titles: list[str]


class Visitors:
    """The people of one check, each with a browser of their own.

    Args:
        browser: Where they sit.
        site: What they visit.
        inputs: The run's random inputs.
    """

    def __init__(self, browser: "Browser", site: "Site", inputs: Inputs) -> None:
        self._browser = browser
        self._inputs = inputs
        self.site = site
        self.present: list[Visitor] = []

    def come(self, **options: Any) -> "Visitor":
        """Return a visitor who is not signed in; for the options see Playwright's `new_context`."""
        from checker.probes.browser.visitor import Visitor

        mark = f"{self._inputs.make_word()}: "
        visitor = Visitor(self._browser, self.site.origin, mark, **options)
        self.present.append(visitor)
        return visitor

    def come_as_member(self, user: User | None = None, **options: Any) -> "Visitor":
        """Return a visitor who has signed in on the page, as a new user unless one is given."""
        visitor = self.come(**options)
        sign_in_by_page(visitor, user or self.register())
        return visitor

    def register(self) -> User:
        """Register a user over the API."""
        return register_user(self.backend, self._inputs)

    @property
    def backend(self) -> Backend:
        """The backend behind the pages."""
        return self.site.backend

    def leave(self) -> None:
        """Close every browser."""
        for visitor in self.present:
            visitor.close()
        self.present.clear()

    def take_evidence(self, name: str, folder: Path) -> tuple[str, str]:
        """Take a picture of the last visitor's page, and return it with what the page said."""
        if not self.present:
            return "", ""
        visitor = self.present[-1]
        file = folder / f"{name}.png"
        lines = [f"console {line}" for line in visitor.seen.console[-MOST_LINES:]]
        lines += [f"request {line}" for line in visitor.seen.failed[-MOST_LINES:]]
        picture = f"{file}" if visitor.take_picture(file) else ""
        return picture, "\n".join(TOKEN.sub("<a token>", line)[:300] for line in lines)


@contextmanager
def advise(next_step: str) -> Iterator[None]:
    """Say what to do about anything that is waited for in vain here."""
    try:
        yield
    except UnmetError as error:
        raise UnmetError(error.expected, error.got, error.next_step or next_step) from error


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
    "backend's log shows a 500, mend that error: such an answer leaves without the CORS headers."
)


def explain_cors(visitor: "Visitor") -> str:
    """Say that the browser withheld an answer from the page, if it did."""
    blocked = [line for line in visitor.seen.console if "CORS policy" in line]
    return f"the browser withheld an answer: {blocked[-1]}" if blocked else ""


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


NAMES = """(boxes) => boxes.map((e) => {
  const ids = (e.getAttribute('aria-labelledby') || '').split(/\\s+/);
  const said = ids.map((id) => id && document.getElementById(id)?.innerText || '').join(' ');
  return (said.trim() || e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText
    || e.title || '').trim();
})"""


def add_by_api(backend: Backend, user: User, title: str, **fields: object) -> str:
    """Add a task over the API, and return its id."""
    answer = backend.post("/api/tasks", json={"title": title, **fields}, token=user.token)
    expect_status(answer, 201, "Finish adding tasks first: ./course hint L3.4")
    return str(expect_object(answer)["id"])
