"""What the local Hub is told to do wrong."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

STEPS = (
    *("whoami", "create", "secrets", "variables", "validate", "preupload", "commit"),
    *("info", "tree", "runtime", "restart", "logs"),
)
MESSAGES = {
    400: "Bad request",
    401: "Invalid credentials in Authorization header",
    402: "Docker Spaces need a PRO subscription. Subscribe at https://huggingface.co/pro",
    403: "Forbidden: you need write access to this namespace",
    404: "Repository not found",
    409: "A commit has happened since. Please refresh and try again",
    429: "You have been rate limited; retry later",
    500: "Internal error, sorry",
    503: "Service temporarily unavailable",
}


class RefusalError(Exception):
    """A request is refused as the real Hub refuses: with a status, and a text in two headers.

    Attributes:
        code: What `X-Error-Code` says; the client chooses its exception by it.
        more: What the body has besides the text.
    """

    def __init__(
        self,
        status: int,
        message: str = "",
        code: str = "",
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message or MESSAGES.get(status, "Refused"))
        self.status = status
        self.code = code
        self.more = more or {}


class ConnectionCutError(Exception):
    """The connection is to be cut in the middle of the request."""


@dataclass
class Fault:
    """One thing that goes wrong: a status, or 0 for a connection that is cut."""

    step: str
    status: int
    times: int


class Faults:
    """Everything that is to go wrong."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def refuse(self, step: str, status: int, times: int = 1 << 30) -> None:
        """Answer the next requests of one of the STEPS with a status."""
        assert step in STEPS, step  # noqa: S101 - a slip of ours
        with self._lock:
            self._faults.append(Fault(step, status, times))

    def cut(self, step: str, times: int = 1 << 30) -> None:
        """Cut the connection of the next requests of one of the STEPS."""
        self.refuse(step, 0, times)

    def clear(self) -> None:
        """Let everything go well again."""
        with self._lock:
            self._faults.clear()

    def strike(self, step: str) -> None:
        """Raise what is to go wrong at this step, if anything.

        Raises:
            RefusalError: it is to be refused.
            ConnectionCutError: its connection is to be cut.
        """
        with self._lock:
            fault = next((one for one in self._faults if one.step == step and one.times), None)
            if fault is None:
                return
            fault.times -= 1
        if not fault.status:
            raise ConnectionCutError
        raise RefusalError(fault.status)
