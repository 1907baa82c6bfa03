"""Compare what came with what the contract says; raise CheckFailed with words for a learner."""

import re
from http import HTTPStatus
from typing import Any

from checker.checks.failure import CheckFailed
from checker.checks.symptoms import FRAME, name_cause
from checker.probes.http import Exchange

STUB = re.compile(r"NotImplementedError: (?P<task>L\d+\.\d+)")
BEARER = re.compile(r"bearer(?![\w-])", re.IGNORECASE)  # the scheme, and not one that begins so
LONGEST_SHOWN = 200  # characters of a value or a body


def shorten(value: object) -> str:
    """Return a value as text, cut to what fits a report."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def name_status(status: int) -> str:
    """Return `404 Not Found` for 404."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def expect_status(answer: Exchange, status: int | tuple[int, ...], next_step: str) -> None:
    """Expect one of some statuses."""
    allowed = (status,) if isinstance(status, int) else status
    if answer.status in allowed:
        return
    raise CheckFailed(
        expected=f"{answer} to answer {' or '.join(name_status(s) for s in allowed)}",
        got=f"{name_status(answer.status)}: {shorten(answer.text) or 'an empty body'}",
        next_step=advise(answer, next_step),
        exchange=answer,
    )


def advise(answer: Exchange, next_step: str) -> str:
    """Put a crash or a route that is missing before the advice of the check."""
    if stub := STUB.search(answer.log):
        task = stub["task"]
        return f"The stub of {task} still stands there: write its body. ./course hint {task}"
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return name_cause(answer.log) or advise_on_exception(answer.log)
    if answer.status in {HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT}:
        place = shorten(answer.headers.get("location", "nowhere"))
        return (
            f"It sends the caller on to {place}. A path that differs by the slash at its end does "
            "so: write it as the contract does."
        )
    body = answer.read_json()
    detail = body.get("detail") if isinstance(body, dict) else None
    if answer.status == HTTPStatus.NOT_FOUND and detail == "Not Found":
        return (
            f"No route answers {answer}. {next_step} If it is there, look at its decorator, and at "
            "the prefix of its router."
        )
    return next_step


def advise_on_exception(log: str) -> str:
    """Say where to look for the cause of an exception."""
    if FRAME in log:
        return "Your code raised the exception below. Mend the line that it names."
    return "A library raised the exception below: look at what your functions gave it."


def expect_object(answer: Exchange) -> dict[str, Any]:
    """Expect the body to be a JSON object, and return it."""
    body = answer.read_json()
    if isinstance(body, dict):
        return body
    kind = "a bare list: put it under a name" if isinstance(body, list) else "text"
    raise CheckFailed(
        expected=f"{answer} to answer with a JSON object",
        got=shorten(answer.text) or "an empty body",
        next_step=f"Return a dict or a model from the route, not {kind}.",
        exchange=answer,
    )


def expect_fields(answer: Exchange, names: tuple[str, ...], next_step: str) -> dict[str, Any]:
    """Expect a JSON object with these fields, and return it."""
    body = expect_object(answer)
    missing = [name for name in names if name not in body]
    expect(
        not missing,
        expected=f"the answer to {answer} to have the fields {', '.join(names)}",
        got=f"an object without {', '.join(missing)}: {shorten(answer.text)}",
        next_step=next_step,
        answer=answer,
    )
    return body


def expect_equal(answer: Exchange, name: str, got: object, wanted: object, next_step: str) -> None:
    """Expect a value of the answer to be this one, of this JSON type."""
    expect(
        type(got) is type(wanted) and got == wanted,
        expected=f"{name} in the answer to {answer} to be {shorten(repr(wanted))}",
        got=shorten(repr(got)),
        next_step=next_step,
        answer=answer,
    )


def expect_detail(answer: Exchange, next_step: str) -> None:
    """Expect an error body: JSON with `detail`, a string or FastAPI's list."""
    detail = expect_object(answer).get("detail")
    is_list = isinstance(detail, list) and all(isinstance(x, dict) and "msg" in x for x in detail)
    expect(
        bool(detail) and (isinstance(detail, str) or is_list),
        expected=f"the body of this {answer.status} to be JSON with "
        '"detail", a string or FastAPI\'s list',
        got=shorten(answer.text),
        next_step=next_step,
        answer=answer,
    )


def expect_refused(answer: Exchange, next_step: str) -> None:
    """Expect a 401 as the contract has it: with `WWW-Authenticate: Bearer` and a detail."""
    if answer.status == HTTPStatus.FORBIDDEN:
        next_step = "Answer 401: the app does not know who asks. 403 is for users whom it knows."
    expect_status(answer, 401, next_step)
    challenge = answer.headers.get("www-authenticate", "")
    expect(
        BEARER.match(challenge) is not None,
        expected="the header WWW-Authenticate: Bearer with every 401",
        got=f"WWW-Authenticate: {shorten(challenge)}" if challenge else "no such header",
        next_step='Raise HTTPException(401, "…", {"WWW-Authenticate": "Bearer"}).',
        answer=answer,
    )
    expect_detail(answer, 'Raise HTTPException(401, "…"): it makes the JSON body.')


def expect(
    holds: bool,  # noqa: FBT001 - read as a sentence: expect(status == 200, …)
    *,
    expected: str,
    got: str,
    next_step: str,
    answer: Exchange | None = None,
) -> None:
    """Raise CheckFailed with these words unless `holds`."""
    if not holds:
        raise CheckFailed(expected=expected, got=got, next_step=next_step, exchange=answer)
