"""What the local Hub knows: one account, its Spaces, and what it is told to do wrong."""

import itertools
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from checker.probes.hub.card import KITS
from checker.probes.hub.faults import Faults, RefusalError
from checker.probes.hub.life import LONGEST_START, Space
from checker.probes.hub.repository import Repository
from checker.probes.hub.runner import Runner

TOKEN = "test-only-token-of-no-account"  # noqa: S105 - visibly fake
USER = "learner"
NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]{0,94}[A-Za-z0-9_])?")

READING = {"GET", "HEAD"}
ASKING = re.compile(r"/(?:validate-yaml|preupload/main|paths-info/[^/]+|git-upload-pack)$")


class Call(NamedTuple):
    """A request that came."""

    method: str
    path: str

    def __str__(self) -> str:
        """Return both, as people write it."""
        return f"{self.method} {self.path}"


@dataclass
class Hub:
    """The account, and everything that was deployed to it.

    Attributes:
        folder: Where the repositories are kept.
        runner: Builds and runs Spaces.
        is_paid: Whether the account may create Docker Spaces.
        role: What the token may do: `write` or `read`.
        url: Where it answers.
        calls: What came, in order.
        unknown: What of it is not played here; the real Hub may know it.
        longest_start: Seconds until an app must answer.
        ports: Where the next Spaces have their addresses; 0 for anywhere.
    """

    folder: Path
    runner: Runner
    user: str = USER
    token: str = TOKEN
    is_paid: bool = True
    role: str = "write"
    url: str = ""
    longest_start: float = LONGEST_START
    ports: Iterator[int] = field(default_factory=lambda: itertools.repeat(0))
    faults: Faults = field(default_factory=Faults)
    spaces: dict[str, Space] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    unknown: list[Call] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def list_changes(self) -> list[Call]:
        """Return the requests that could change something."""
        return [c for c in self.calls if c.method not in READING and not ASKING.search(c.path)]

    def find(self, name: str) -> Space:
        """Return a Space.

        Raises:
            RefusalError: there is none of this name.
        """
        space = self.spaces.get(name.lower())
        if space is None:
            raise RefusalError(404, "Repository not found", "RepoNotFound")
        return space

    def create(self, owner: str, name: str, sdk: str) -> Space:
        """Make a Space.

        Raises:
            RefusalError: there is one, or this account may not have it.
        """
        with self._lock:
            self._refuse_odd(owner, name, sdk)
            key = f"{owner}/{name}".lower()
            if key in self.spaces:
                there = {"url": self.make_url(self.spaces[key])}
                raise RefusalError(409, "You already created this space repo", more=there)
            if sdk == "docker" and not self.is_paid:
                raise RefusalError(402)
            repository = Repository(self.folder / f"{key}.git")
            options = (self.longest_start, next(self.ports))
            space = Space(owner, name, sdk, repository, self.runner, *options)
            self.spaces[key] = space
            return space

    def delete(self, name: str) -> None:
        """Remove a Space with all that it holds.

        Raises:
            RefusalError: there is none of this name.
        """
        with self._lock:
            space = self.find(name)
            del self.spaces[name.lower()]
        space.close()
        space.repository.remove()

    def _refuse_odd(self, owner: str, name: str, sdk: str) -> None:
        if owner.lower() != self.user.lower():
            raise RefusalError(
                403, f'You don\'t have the rights to create a space under the namespace "{owner}"'
            )
        if not NAME.fullmatch(name):
            raise RefusalError(400, f"Invalid repo name: {name}")
        if sdk not in KITS:
            raise RefusalError(400, f'"sdk" must be one of [{", ".join(KITS)}]')

    def make_url(self, space: Space) -> str:
        """Return the address of a Space's page."""
        return f"{self.url}/spaces/{space.id}"

    def close(self) -> None:
        """Stop every Space."""
        for space in self.spaces.values():
            space.close()
        self.runner.close()
