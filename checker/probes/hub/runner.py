"""What builds and runs the files of a Space."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Tell = Callable[[str], None]
"""Takes a line of a log."""


class BuildError(Exception):
    """The image could not be built; the build log says why."""


@dataclass(frozen=True)
class Order:
    """What to build and to run.

    Attributes:
        name: Of the Space, as images are named.
        folder: Its files.
        port: Where the app listens, by the front matter.
        variables: Told to the build and to the app.
        secrets: Told to the app alone.
    """

    name: str
    folder: Path
    port: int
    variables: Mapping[str, str]
    secrets: Mapping[str, str]


class RunningApp(Protocol):
    """An app that was started."""

    port: int
    """Where this machine reaches it."""

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""

    def stop(self) -> None:
        """End it, and remove what it wrote."""


class Runner(Protocol):
    """Builds and starts."""

    def build(self, order: Order, tell: Tell) -> str:
        """Build, and return what `start` takes.

        Raises:
            BuildError: it failed.
        """

    def start(self, image: str, order: Order, tell: Tell) -> RunningApp:
        """Start what was built, and return at once."""

    def close(self) -> None:
        """Remove what is left of everything."""


class NoRunner:
    """Stands where no container engine answers: every build says so.

    Args:
        reason: Why there is none.
    """

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def build(self, order: Order, tell: Tell) -> str:
        """See `Runner.build`."""
        tell(f"The files of {order.name} are here, and cannot be built: {self._reason}")
        raise BuildError

    def start(self, image: str, order: Order, tell: Tell) -> RunningApp:
        """See `Runner.start`: nothing gets so far."""
        raise NotImplementedError

    def close(self) -> None:
        """See `Runner.close`."""
