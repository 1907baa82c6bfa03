"""The people in front of the pages: who is there, who is signed in, what they saw."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.checks.evidence import Evidence
from checker.checks.steps import User, register_user
from checker.checks.visits import see_tasks, sign_in_by_page
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend

if TYPE_CHECKING:  # lessons without pages load no browser's driver
    from playwright.sync_api import Browser

    from checker.probes.browser.visitor import Visitor
    from checker.probes.node.site import Site

MOST_LINES = 6
TOKEN = re.compile(r"eyJ[\w-]{10,300}\.[\w-]{10,}\.[\w-]+")


@dataclass(frozen=True)
class Crowd:
    """A user with more tasks than a page holds.

    Attributes:
        titles: Newest first; a check that adds one puts it in front.
    """

    user: User
    titles: list[str]


class Lobby:
    """Browsers that stay open from one check to the next.

    The first page of a new browser costs as much as ten later ones, so a browser that has served a
    check which passed serves again, with nothing left in it.

    Args:
        browser: Where they are opened.
        site: What is visited.
        inputs: The run's random inputs.
        is_traced: Whether everything is recorded.
        is_glance: Whether they have little patience.

    Attributes:
        member: The visitor who stays signed in, while there is one.
    """

    def __init__(
        self,
        browser: "Browser",
        site: "Site",
        inputs: Inputs,
        *,
        is_traced: bool = False,
        is_glance: bool = False,
    ) -> None:
        self.site = site
        self.inputs = inputs
        self._browser = browser
        self._is_traced = is_traced
        self._is_glance = is_glance
        self._free: list[Visitor] = []
        self.member: Visitor | None = None

    def let_in(self) -> "Visitor":
        """Return a visitor who has never been here."""
        visitor = self._free.pop() if self._free else self._open_browser()
        if visitor.trace:
            visitor.trace.begin()
        return visitor

    def _open_browser(self) -> "Visitor":
        from checker.probes.browser.visitor import Visitor

        mark = f"{self.inputs.make_word()}: "
        visitor = Visitor(self._browser, self.site.origin, mark, is_traced=self._is_traced)
        if self._is_glance:
            visitor.hurry()
        return visitor

    def let_out(self, visitor: "Visitor") -> None:
        """Take somebody's browser back, and make it a new one."""
        if visitor.become_new():
            self._free.append(visitor)
        else:
            visitor.close()

    def find_member(self, user: User) -> "Visitor":
        """Return the one visitor who stays signed in, on the page of tasks."""
        if self.member is None:
            self.member = self.let_in()
            sign_in_by_page(self.member, user)
        else:
            self.member.seen.begin_visit()
            if self.member.trace:
                self.member.trace.begin()
            self.member.look_through()
            self.member.open("/tasks")
            see_tasks(self.member)
        self.member.begin_anew()
        return self.member

    def close(self) -> None:
        """Close every browser that nobody sits at."""
        for visitor in [*self._free, *filter(None, [self.member])]:
            visitor.close()
        self._free.clear()
        self.member = None


class Visitors:
    """The people of one check.

    Args:
        lobby: Where they come from.
    """

    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby
        self._guests: list[Visitor] = []
        self._wants_member = False
        self._has_failed = False

    @property
    def site(self) -> "Site":
        """What they visit."""
        return self._lobby.site

    @property
    def backend(self) -> Backend:
        """The backend behind the pages."""
        return self.site.backend

    def come(self, **look: Any) -> "Visitor":
        """Return a visitor who is not signed in; for `look` see `Visitor.look_through`."""
        visitor = self._lobby.let_in()
        self._guests.append(visitor)
        visitor.look_through(**look)
        return visitor

    def come_as_member(self, user: User | None = None) -> "Visitor":
        """Return a visitor who has signed in on the page, as a new user unless one is given."""
        visitor = self.come()
        sign_in_by_page(visitor, user or self.register())
        return visitor

    def find_member(self, user: User) -> "Visitor":
        """Return the visitor who stays signed in from check to check."""
        self._wants_member = True  # whether they come or not: what they saw on the way matters
        return self._lobby.find_member(user)

    def register(self) -> User:
        """Register a user over the API."""
        return register_user(self.backend, self._lobby.inputs)

    def leave(self) -> None:
        """Free every browser; after a failure nobody sits down at one of them again."""
        for visitor in self._guests:
            if self._has_failed:
                visitor.close()
            else:
                self._lobby.let_out(visitor)
        self._guests.clear()
        if self._has_failed:
            self._lobby.close()

    def have_lost_network(self) -> bool:
        """Tell whether somebody's browser gave up a request since a network had changed."""
        return any(visitor.seen.has_lost_network for visitor in self._list_present())

    def _list_present(self) -> "list[Visitor]":
        member = self._lobby.member if self._wants_member else None
        return [*self._guests, *filter(None, [member])]

    def collect(self, name: str, folder: Path) -> Evidence:
        """Keep what shows why the check failed: of the visitor who looked at something last."""
        self._has_failed = True
        if not (present := self._list_present()):
            return Evidence()
        visitor = max(present, key=lambda one: one.last_looked)
        picture, trace = folder / f"{name}.png", folder / f"{name}.zip"
        return Evidence(
            picture=f"{picture}" if visitor.take_picture(picture) else "",
            trace=f"{trace}" if visitor.trace and visitor.trace.keep(trace) else "",
            log=list_trouble(visitor),
        )


def list_trouble(visitor: "Visitor") -> str:
    """Return the last lines of the console and the last requests that failed, without tokens."""
    lines = [f"console {line}" for line in visitor.seen.console[-MOST_LINES:]]
    lines += [f"request {line}" for line in visitor.seen.failed[-MOST_LINES:]]
    return "\n".join(TOKEN.sub("<a token>", line)[:300] for line in lines)
