"""Somebody who looks at a page: finds things by role and name, and says what is missing."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Error, Locator, Page
from playwright.sync_api import TimeoutError as TooLate

from checker.probes.browser.unmet import UnmetError
from checker.probes.strain import wait_longer

State = Literal["attached", "hidden", "visible"]
PATIENCE = 10_000  # ms
LITTLE_PATIENCE = 1_000  # ms; for somebody who will look again
BAD_NEWS = 20_000  # ms; libraries ask three times again, for 7 s, before they say that it failed
ANNOUNCER = ":not(#__next-route-announcer__)"  # Next's own alert, for screen readers
LINE = re.compile(r'^\s*- (?:\')?(?P<role>\w+) "(?P<name>(?:[^"\\]|\\.)*)"')
MOST_NAMED = 8
MOST_LEVELS = 3  # above a field that shows beside it what is chosen
CHOSEN = """(e, most) => {
  if (e.selectedOptions) return e.selectedOptions[0].text;
  if (e.tagName === 'INPUT' && e.value) return e.value;
  const read = (shown) => {
    const said = shown.cloneNode(true);
    const others = said.querySelectorAll('[aria-hidden=true], [aria-live], [role=listbox]');
    others.forEach((other) => other.remove());
    return said.textContent.trim();
  };
  let said = read(e);
  for (let level = 0; !said && level < most && e.parentElement; level += 1) {
    e = e.parentElement;
    said = read(e);
  }
  return said;
}"""
OWN_SELECT = "A select of your own is a combobox that opens a listbox of options, by ↓ too."
# Regions that may say nothing yet: then they have no height. What is hidden has no role anyway.
MAY_BE_EMPTY = frozenset({"log", "status"})


class Onlooker:
    """Somebody who looks at a page, and touches nothing.

    Args:
        page: What they look at.

    Attributes:
        last_looked: When they last looked for something, by `time.monotonic`.
        patience: How long they wait for anything but a page, in ms.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.last_looked = 0.0
        self.patience = PATIENCE

    @property
    def path(self) -> str:
        """The path that the address bar shows."""
        return urlsplit(self.page.url).path.rstrip("/") or "/"

    def wait_for_path(self, path: str) -> None:
        """Wait until the address bar shows this path."""
        self.wait_until(
            lambda: self.path == path, f"to be on {path}", lambda: f"the page {self.describe()}"
        )

    def find(self, role: Any, name: str, within: Locator | None = None) -> Locator:
        """Return whatever has this role and exactly this accessible name.

        To the name of a select that is not the browser's, some libraries add what is chosen.
        """
        self.last_looked = time.monotonic()
        found = (within or self.page).get_by_role(role, name=name, exact=True)
        if role != "combobox":
            return found
        longer = self.page.get_by_role(role, name=re.compile(rf"^{re.escape(name)} "))
        return found.or_(longer.and_(self.page.locator(":not(select)")))

    def field(self, label: str) -> Locator:
        """Return the field with exactly this label, but for parts that are hidden from its name."""
        self.last_looked = time.monotonic()
        named = self.page.get_by_role("textbox", name=label, exact=True)
        marked = named.and_(self.page.get_by_label(label))  # such as a star; no mere placeholder
        return (
            self.page.get_by_label(label, exact=True)
            .or_(marked)
            .and_(self.page.locator("input, textarea, select, [contenteditable]"))
        )

    def alerts(self) -> Locator:
        """Return the alerts of the page's own content that say something."""
        found = self.page.get_by_role("alert").and_(self.page.locator(ANNOUNCER))
        return found.filter(has_text=re.compile(r"\S"), visible=True)

    def see(self, role: str, name: str, within: Locator | None = None) -> Locator:
        """Wait for something with this role and name, and return it.

        Raises:
            UnmetError: it does not come; says what there is of this role.
        """
        found = self.find(role, name, within).first
        try:
            self._wait(found, "attached" if role in MAY_BE_EMPTY else "visible")
        except TooLate as error:
            raise UnmetError(
                f"{name_thing(role, name)} on {self.path}", self.list_role(role)
            ) from error
        return found

    def see_field(self, label: str) -> Locator:
        """Wait for a field, and return it."""
        found = self.field(label).first
        try:
            self._wait(found, "visible")
        except TooLate as error:
            got = self.list_role("textbox") + self._list_unlabelled()
            raise UnmetError(f"a field labelled “{label}” on {self.path}", got) from error
        return found

    def see_alert(self, when: str) -> str:
        """Wait for an alert, and return what it says."""
        alert = self.alerts().first
        try:
            self._wait(alert, "visible", BAD_NEWS)
        except TooLate as error:
            raise UnmetError(
                f"an alert (role alert) {when}", f"none on {self.describe()}"
            ) from error
        return alert.inner_text()

    def see_text(self, text: str | re.Pattern[str]) -> None:
        """Wait for text."""
        wanted = text if isinstance(text, str) else text.pattern
        try:
            self._wait(self.page.get_by_text(text).first, "visible")
        except TooLate as error:
            raise UnmetError(f"the text “{wanted}” on {self.path}", self.describe()) from error

    def see_no(self, role: str, name: str) -> None:
        """Wait until there is nothing with this role and name."""
        try:
            self._wait(self.find(role, name).first, "hidden")
        except TooLate as error:
            raise UnmetError(
                f"no more {name_thing(role, name)} on {self.path}", "it is still there"
            ) from error

    def wait_until(
        self,
        holds: Callable[[], bool],
        expected: str,
        describe: Callable[[], str],
        *,
        is_bad_news: bool = False,
    ) -> None:
        """Wait until something holds, whatever the page does meanwhile.

        Args:
            holds: Looks whether it does.
            expected: What was waited for, in words.
            describe: Says what there is instead.
            is_bad_news: Whether it takes the time that libraries give to further tries.

        Raises:
            UnmetError: it does not, in ten seconds, or twenty for bad news, or longer on a busy
                machine.
        """
        patience = (BAD_NEWS if is_bad_news else self.patience) / 1000
        if not self._look_until(holds, patience):
            more = wait_longer(patience)
            if not more or not self._look_until(holds, more):
                raise UnmetError(expected, describe())

    def _look_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Look again and again; tell whether it held in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:  # one look may take as long, at what is not there
            with suppress(Error):  # the page is going somewhere else just now
                if holds():
                    return True
            self.page.wait_for_timeout(50)
        return False

    def _wait(self, found: Locator, state: State, patience: float | None = None) -> None:
        """Wait until something is in a state, longer on a busy machine.

        Raises:
            TooLate: it is not.
        """
        patience = patience or self.patience
        try:
            found.wait_for(state=state, timeout=patience)
        except TooLate:
            if not (more := wait_longer(patience)):
                raise
            found.wait_for(state=state, timeout=more)

    def has_native_select(self, label: str) -> bool:
        """Tell whether a select is the browser's own; others are a button or field with a list."""
        script = "e => e instanceof HTMLSelectElement"
        return bool(self.see("combobox", label).evaluate(script))

    def see_options(self, label: str) -> Locator:
        """Wait for the list that a click on a select opens, wherever in the page that is.

        Raises:
            UnmetError: it does not come.
        """
        found = self.page.get_by_role("listbox").first
        try:
            self._wait(found, "visible")
        except TooLate as error:
            expected = f"a list of options (role listbox) after a click on “{label}”"
            raise UnmetError(expected, f"none on {self.describe()}", OWN_SELECT) from error
        return found

    def read_choice(self, label: str) -> str:
        """Return the option that a select shows, without its icons, or that stands round it."""
        chosen: str = self.see("combobox", label).evaluate(CHOSEN, MOST_LEVELS)
        return chosen.strip()

    def describe(self) -> str:
        """Say where the visitor is and what the page says, cut short."""
        with suppress(Error):
            text = " ".join(self.page.locator("body").inner_text(timeout=1000).split())
            return f"{self.path}, which says “{text[:160]}”" if text else f"{self.path}, blank"
        return f"{self.path}, which cannot be read"

    def list_role(self, role: str) -> str:
        """Say what there is of a role."""
        names: list[str] = []
        with suppress(Error):
            names = list_names(self.page.locator("body"), role, patience=2000)
        if not names:
            return f"no {role} with a name on {self.describe()}"
        plural = f"{role}es" if role.endswith("x") else f"{role}s"
        shown = ", ".join(f"“{name[:60]}”" for name in names[:MOST_NAMED])
        return f"there is the {role} {shown}" if len(names) == 1 else f"there are {plural} {shown}"

    def _list_unlabelled(self) -> str:
        with suppress(Error):
            count = self.page.locator(
                "input:not([type=hidden]):not([aria-label]):not([id])"
            ).count()
            return f"; {count} inputs have no id, so no label can belong to them" if count else ""
        return ""


def list_names(within: Locator, role: str, patience: float) -> list[str]:
    """Return the names of what has a role there, in order; patience is in ms."""
    snapshot = within.aria_snapshot(timeout=patience)
    lines = (LINE.match(line) for line in snapshot.splitlines())
    return [m["name"] for m in lines if m and m["role"] == role]


def name_thing(role: str, name: str) -> str:
    """Return `a button named “Save”`."""
    article = "an" if role[0] in "aeiou" else "a"
    return f"{article} {role} named “{name}”"
