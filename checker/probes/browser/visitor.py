"""A person in front of a browser, who goes to pages and does things there."""

import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Locator
from playwright.sync_api import TimeoutError as TooLate

from checker.probes.browser.apart import evaluate_apart
from checker.probes.browser.onlooker import (
    LITTLE_PATIENCE,
    PATIENCE,
    Onlooker,
    list_names,
    name_thing,
)
from checker.probes.browser.seen import NETWORK_CHANGED, Seen, watch_screen
from checker.probes.browser.trace import Trace
from checker.probes.browser.unmet import UnmetError
from checker.probes.strain import wait_longer

Scheme = Literal["light", "dark"]
WIDTH, HEIGHT = 1280, 720
AT_ONCE = 500  # ms
LEAST_KEYS = 60
MOST_LOADS = 5  # of one page
DONE = "action done"  # Playwright's log says so, when it waits for what comes of it
HYDRATION = 10_000  # ms; a busy machine takes long. A page without Next's scripts is not waited for
IS_HYDRATED = """(element, wait) => new Promise((resolve) => {
  const end = performance.now() + wait;
  const look = () => {
    const isTaken = Object.keys(element).some((key) => key.startsWith('__reactProps$'));
    if (isTaken || !element.isConnected) resolve(true);
    else if (!document.querySelector('script[src*="/_next/"]')) resolve(false);
    else if (performance.now() > end) resolve(false);
    else setTimeout(look, 15);
  };
  look();
})"""
FOCUSED = """(() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return '';
  const label = e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || '';
  return `${e.tagName.toLowerCase()} ${label}`.trim();
})()"""
# A box that its label draws is hidden itself: then the mouse hits the label.
FIND_LABEL = """(element) => {
  element.scrollIntoView({behavior: 'instant', block: 'nearest'});
  const {x, y, width, height} = element.getBoundingClientRect();
  const isHit = element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  return isHit ? null : element.labels?.[0] ?? null;
}"""
# Of a row of a list that takes the keys, the box cannot be reached, and need not be.
HAS_FOCUS = """(element) => {
  const focused = document.activeElement;
  const isRow = element.tabIndex < 0 && focused?.tabIndex >= 0 && focused.contains(element);
  return element === focused || isRow;
}"""
TWO_FRAMES = """() => new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(resolve)))"""


class Visitor(Onlooker):
    """One person with a browser of their own: no cookie, no storage is shared with others.

    Args:
        browser: Where the context is opened.
        origin: The address of the site.
        mark: Letters that no page writes by itself.
        is_traced: Whether all that happens can be written into a file afterwards.
    """

    def __init__(
        self, browser: Browser, origin: str, mark: str, *, is_traced: bool = False
    ) -> None:
        self.origin = origin
        self.seen = Seen(mark)
        self.context = browser.new_context()
        self.trace = Trace(self.context) if is_traced else None
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(watch_screen(mark))
        self.seen.watch(self.context)
        super().__init__(self.context.new_page())
        self._is_react = True

    def hurry(self) -> None:
        """Wait for pages as long as ever, and only a moment for what is on them."""
        self.patience = LITTLE_PATIENCE
        self.context.set_default_timeout(LITTLE_PATIENCE)
        self.context.set_default_navigation_timeout(PATIENCE)

    def close(self) -> None:
        """Close every page of theirs."""
        with suppress(Error):
            self.context.close()

    def become_new(self) -> bool:
        """Leave nothing that pages could know this browser by; tell whether that was possible.

        What is only faster the second time stays: the process, the files, the compiled scripts.
        """
        with suppress(Error):
            self.page.evaluate("sessionStorage.clear()")
            self.leave_page()
            session = self.context.new_cdp_session(self.page)
            everything = {"origin": self.origin, "storageTypes": "all"}
            session.send("Storage.clearDataForOrigin", everything)
            session.detach()
            self.context.clear_cookies()
            return True
        return False

    def look_through(
        self, width: int = WIDTH, height: int = HEIGHT, scheme: Scheme = "light"
    ) -> None:
        """Take a window of this size, and prefer this scheme of colours."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=scheme)

    # Going somewhere

    def open(self, path: str) -> None:
        """Go to a page, and wait until its document is there.

        Raises:
            UnmetError: it does not come.
        """
        self.last_looked = time.monotonic()
        try:
            self._load(lambda: self.page.goto(f"{self.origin}{path}", wait_until="load"))
        except Error as error:
            if "interrupted by another navigation" in error.message:
                return
            reason = error.message.partition("\n")[0]
            raise UnmetError(f"the page {path}", reason) from error

    def reload(self) -> None:
        """Reload the page.

        Raises:
            UnmetError: it does not come.
        """
        try:
            self._load(lambda: self.page.reload(wait_until="load"))
        except Error as error:
            reason = error.message.partition("\n")[0]
            raise UnmetError(f"the page {self.path} after a reload", reason) from error

    def _load(self, load: Callable[[], object]) -> None:
        """Load a page; again on a busy machine, and when its network has changed meanwhile.

        Whenever an interface or an address comes or goes, as with each container, Chromium cuts
        all connections, those to this machine too.
        """
        for _ in range(MOST_LOADS - 1):
            try:
                load()
            except TooLate:
                if not wait_longer(PATIENCE):
                    raise
            except Error as error:
                if NETWORK_CHANGED not in error.message:
                    raise
            else:
                return
        load()

    def leave_page(self) -> None:
        """Go to an empty page, and forget all that was seen: nothing of it can come any more."""
        self.page.goto("about:blank")
        self.seen.begin_visit()

    def begin_anew(self) -> None:
        """Forget all that was seen, once what is on the screen now has been noted."""
        self.page.evaluate(TWO_FRAMES)
        self.seen.forget()

    # Doing things

    def fill(self, label: str, text: str) -> None:
        """Write into a field."""
        field = self.see_field(label)
        self._settle(field)
        self._act(lambda: field.fill(text), f"to write into “{label}”")

    def click(self, role: str, name: str, within: Locator | None = None) -> None:
        """Click on something."""
        target = self.see(role, name, within)
        self._settle(target)
        self._act(lambda: self._click(target), f"to click on {name_thing(role, name)}")

    def click_twice(self, role: str, name: str) -> None:
        """Click on something, and at once again, unless it has made room for something else.

        A double click of the mouse would hit whatever is in that place by then.
        """
        target = self.see(role, name)
        self._settle(target)
        expected = f"to click on {name_thing(role, name)}"
        self._act(lambda: target.dispatch_event("click"), expected, is_repeatable=False)
        self.click_again(target)

    def _click(self, target: Locator) -> None:
        label = target.evaluate_handle(FIND_LABEL).as_element()
        (label or target).click()

    def click_again(self, target: Locator) -> None:
        """Click on something that was clicked on just now, unless it has gone since."""
        with suppress(Error):
            target.dispatch_event("click", timeout=AT_ONCE)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a select, the browser's own or one that opens a list."""
        if not self.has_native_select(label):
            self.click("option", option, self._open_list(label))
            return
        select = self.see("combobox", label)
        self._settle(select)
        self._act(
            lambda: select.select_option(label=option), f"to choose “{option}” under “{label}”"
        )

    def list_options(self, label: str) -> list[str]:
        """Return the options of a select, in order; one that opens a list takes the first then."""
        if self.has_native_select(label):
            return list_names(self.see("combobox", label), "option", PATIENCE)
        found = self._open_list(label)
        options = list_names(found, "option", PATIENCE)
        if options:
            self.click("option", options[0], found)  # which closes every list
        return options

    def _open_list(self, label: str) -> Locator:
        self.click("combobox", label)
        return self.see_options(label)

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    def press_until(
        self, target: Locator, expected: str, key: str = "Tab", least: int = LEAST_KEYS
    ) -> None:
        """Press a key until something has the focus, or what it leaves its keys to.

        Raises:
            UnmetError: it never gets it, by so many keys and in ten seconds: a dialog that goes
                away keeps the focus until it has gone.
        """
        self._settle(target.first)
        deadline = time.monotonic() + self.patience / 1000
        for pressed in count():
            with suppress(Error):
                if target.first.evaluate(HAS_FOCUS, timeout=2000):
                    return
            if pressed >= least and time.monotonic() > deadline:
                break
            self.press(key)
        raise UnmetError(f"the key {key} to lead to {expected}", f"the focus on {self.focus()!r}")

    def focus(self) -> str:
        """Return what has the focus, empty when nothing has."""
        focused: str = evaluate_apart(self.page, FOCUSED)
        return focused

    def _act(self, act: Callable[[], object], expected: str, *, is_repeatable: bool = True) -> None:
        try:
            try:
                act()
            except TooLate as error:  # what was done already is not done twice
                if not is_repeatable or DONE in error.message or not wait_longer(PATIENCE):
                    raise
                act()
        except Error as error:
            lines = [x.strip(" -") for x in error.message.splitlines() if x.strip()]
            why = next((x for x in lines if "intercepts" in x or "not " in x), lines[0])
            raise UnmetError(expected, f"it could not be done: {why}") from error

    def _settle(self, target: Locator) -> None:
        """Wait until React has taken over the element, if it is React's."""
        if self._is_react:
            with suppress(Error):
                self._is_react = bool(target.evaluate(IS_HYDRATED, HYDRATION))

    def take_picture(self, file: Path) -> bool:
        """Write a picture of the page; tell whether that was possible."""
        with suppress(Error, OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=file, timeout=5000, animations="disabled")
            return True
        return False
