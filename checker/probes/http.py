"""Requests to the app and its answers, kept whole so that a failure can show its own."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from checker import shell

RUN_ADDRESS = "http://localhost:8000"  # where `./course run` serves the learner's app
URL_CHARACTERS = "/?#[]@!$&'()*+,;=:%~"  # what stays as it is: the path comes encoded
Settings = Mapping[str, str | None]
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Headers(Mapping[str, str]):
    """The headers of an answer: names in any case, repeated ones joined with commas."""

    def __init__(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, str] = {}
        for name, value in pairs:
            key, text = name.decode("latin-1").lower(), value.decode("utf-8", "replace")
            self._values[key] = f"{self._values[key]}, {text}" if key in self._values else text

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True)
class Request:
    """A request as it was sent.

    Attributes:
        path: With the query.
        headers: Only those that the check set itself.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def as_curl(self) -> str:
        """Return the command line that repeats the request against `./course run`."""
        parts = [shell.name_curl(), "-i"]
        if self.method != "GET":
            parts += ["-X", self.method]
        parts.append(RUN_ADDRESS + self.path)
        for name, value in self.headers.items():
            parts += ["-H", f"{name}: {value}"]
        if self.body:
            parts += ["--data-raw", self.body.decode("utf-8", "replace")]
        return shell.join(parts)


@dataclass(frozen=True)
class Exchange:
    """A request and its answer.

    Attributes:
        seconds: From sending to the last byte.
        log: What the app wrote meanwhile; read only when it answered 500.
        settings: The variables that the app was started with besides the usual, None for those
            that it had not got.
    """

    request: Request
    status: int
    headers: Headers
    body: bytes
    seconds: float
    log: str = ""
    settings: Settings = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as text, undecodable bytes replaced."""
        return self.body.decode("utf-8", "replace")

    def read_json(self) -> Any:
        """Return the parsed body, or None when it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def __str__(self) -> str:
        return f"{self.request.method} {self.request.path}"


def make_request(  # noqa: PLR0913 - one argument for each part of a request
    method: str,
    path: str,
    *,
    json_body: Any = None,
    form: Mapping[str, str] | None = None,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """Build a request; `json_body` and `form` set the content type, `token` the authorization.

    Ids and tokens that the app made up may stand in it: whatever they hold, one request comes out.
    """
    sent = {name: clean_header(value) for name, value in (headers or {}).items()}
    body = b""
    if token is not None:
        sent["Authorization"] = clean_header(f"Bearer {token}")
    if json_body is not None:
        sent["Content-Type"] = "application/json"
        body = json.dumps(json_body, ensure_ascii=False).encode("utf-8", "replace")
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form, errors="replace").encode()
    return Request(method, quote(path, safe=URL_CHARACTERS, errors="replace"), sent, body)


def clean_header(value: str) -> str:
    """Return a value that fits into one line."""
    return CONTROL.sub(" ", value).strip()
