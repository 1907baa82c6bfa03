"""What a watch and the process that checks for it say to each other, a line of JSON each."""

from typing import TypeVar

import msgspec

from checker.judge.results import CheckResult, Report

Message = TypeVar("Message", bound=msgspec.Struct)


class WarmPages(msgspec.Struct, frozen=True, kw_only=True):
    """Pages that are served already, and a browser that runs.

    Attributes:
        folder: What the server of the pages watches.
        port: Where it listens.
        api_port: The port of the address that it was started with as NEXT_PUBLIC_API_URL.
        log: The file that it writes to.
        pid: Of the server.
        browser: Where the browser takes orders.
    """

    folder: str
    port: int
    api_port: int
    log: str
    pid: int
    browser: str


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to check.

    Attributes:
        lesson, only, seed, is_glance: See `RunRequest`.
        pages: None when pages are to be built.
    """

    app: str
    lesson: int
    only: tuple[str, ...]
    seed: int
    is_glance: bool = False
    pages: WarmPages | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an order; each result comes in an answer of its own before the last one.

    Attributes:
        result: One check has ended.
        report: All have.
        problem: The checks cannot be run here.
        next_step: What to do about that.
    """

    result: CheckResult | None = None
    report: Report | None = None
    problem: str = ""
    next_step: str = ""

    @property
    def is_last(self) -> bool:
        """Whether the order is done with."""
        return self.result is None


def write(message: msgspec.Struct) -> bytes:
    """Return a message as a line."""
    return msgspec.json.encode(message) + b"\n"


def read(line: bytes, kind: type[Message]) -> Message:
    """Return the message of a line."""
    return msgspec.json.decode(line, type=kind)
