"""One request to the local Hub, and its answer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from checker.probes.hub.faults import RefusalError


@dataclass(frozen=True)
class Asked:
    """A request.

    Attributes:
        path: Without its query.
        token: Behind `Bearer`, or the password that git sends; empty when there is none.
        encoding: How the body is packed, as `Content-Encoding` says.
        git_protocol: The version that git would like to speak.
    """

    method: str
    path: str
    query: Mapping[str, str]
    token: str
    body: bytes
    encoding: str = ""
    git_protocol: str = ""

    def read_object(self) -> dict[str, Any]:
        """Return the body, which must be a JSON object.

        Raises:
            RefusalError: it is none.
        """
        try:
            found = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise RefusalError(400, f"Invalid JSON: {error}") from error
        if not isinstance(found, dict):
            raise RefusalError(400, "The body must be a JSON object")
        return found

    def read_texts(self, *names: str) -> tuple[str, ...]:
        """Return fields of the body that must be texts.

        Raises:
            RefusalError: one of them is missing, or something else.
        """
        found = self.read_object()
        for name in names:
            if not isinstance(found.get(name), str):
                raise RefusalError(400, f'"{name}" is required, and must be a string')
        return tuple(found[name] for name in names)


@dataclass(frozen=True)
class Answer:
    """An answer.

    Attributes:
        body: Sent as JSON; a text or bytes as they are.
        events: A stream in the body's place.
    """

    body: Any = None
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json; charset=utf-8"
    events: Iterator[bytes] | None = None

    def write_body(self) -> bytes:
        """Return the body as it is sent."""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body).encode()


def answer_refusal(refusal: RefusalError) -> Answer:
    """Return a refusal as the Hub sends it."""
    text = f"{refusal}"
    headers = {"X-Error-Message": text} | ({"X-Error-Code": refusal.code} if refusal.code else {})
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Basic realm="the local Hub"'  # git sends no token before
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = "1"
    return Answer({"error": text, **refusal.more}, refusal.status, headers)
