"""Speak with a board over HTTP: no proxy, no redirect, no long wait."""

import contextlib
import json
import urllib.error
import urllib.request
from http import HTTPStatus
from http.client import HTTPException

LONGEST_ANSWER = 5.0  # seconds
MOST_BYTES = 64 << 10


class NoAnswerError(Exception):
    """The board cannot be reached, or what answers at its address is no board."""


class Refused(Exception):  # noqa: N818 - an answer, no fault
    """The board said no.

    Args:
        status: Of HTTP.
        detail: Why, in its own words.
        wait: Seconds after which it may be asked again.
    """

    def __init__(self, status: int, detail: str, wait: float) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.wait = wait


class StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a token is for one address."""

    def redirect_request(self, *_: object) -> None:
        """Return no other request."""


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), StayHere)


def post(address: str, body: object, token: str = "") -> dict[str, object]:
    """Send JSON, and return the JSON that comes back; empty when it was taken without a word.

    Raises:
        NoAnswerError: nobody answers, or not in our language.
        Refused: the board says no.
    """
    return exchange(address, json.dumps(body).encode(), token)


def get(address: str, token: str) -> dict[str, object]:
    """Return the JSON that is there for the owner of a token.

    Raises:
        NoAnswerError, Refused: as above.
    """
    return exchange(address, None, token)


def exchange(address: str, body: bytes | None, token: str) -> dict[str, object]:
    """Send a request, and return the JSON that comes back."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - http: `read_address`
    try:
        return read_answer(request)
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise NoAnswerError(getattr(reason, "strerror", None) or f"{reason}") from error


def read_answer(request: urllib.request.Request) -> dict[str, object]:
    """Send a request, and return the JSON that comes back; see `post`."""
    try:
        with OPENER.open(request, timeout=LONGEST_ANSWER) as answer:
            is_empty = answer.status == HTTPStatus.NO_CONTENT
            return {} if is_empty else decode(answer.read(MOST_BYTES), answer.status)
    except urllib.error.HTTPError as error:
        with error:
            found = decode(error.read(MOST_BYTES), error.code)
        wait = error.headers.get("Retry-After", "")
        seconds = float(wait) if wait.isdecimal() else 0.0
        raise Refused(error.code, f"{found.get('detail', error.code)}", seconds) from error


def decode(text: bytes, status: int) -> dict[str, object]:
    """Return the object that a text stands for.

    Raises:
        NoAnswerError: it stands for none: portals and routers answer with pages.
    """
    with contextlib.suppress(ValueError):
        found = json.loads(text)
        if found and isinstance(found, dict):
            return found
    raise NoAnswerError(f"what answers there is no board (status {status})")
