"""Send requests to the app and keep every exchange, so that a failure can show its own."""

import json
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

RUN_ADDRESS = "http://localhost:8000"  # where `./course run` serves the learner's app
LONGEST_BODY = 4 * 1024 * 1024  # bytes
LONGEST_ANSWER = 10.0  # seconds, from the first byte sent to the last one received
LONGEST_SILENCE = 5.0  # seconds without a byte


class NoAnswerError(Exception):
    """The app did not answer, or not with HTTP; the text says what was seen."""


@dataclass(frozen=True)
class Request:
    """A request as it was sent.

    Attributes:
        headers: Only those that the check set itself.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def as_curl(self) -> str:
        """Return the command line that repeats the request against `./course run`."""
        parts = ["curl", "-i"]
        if self.method != "GET":
            parts += ["-X", self.method]
        parts.append(RUN_ADDRESS + self.path)
        for name, value in self.headers.items():
            parts += ["-H", f"{name}: {value}"]
        if self.body:
            parts += ["--data-raw", self.body.decode("utf-8", "replace")]
        return shlex.join(parts)


@dataclass(frozen=True)
class Exchange:
    """A request and its answer.

    Attributes:
        seconds: From sending to the last byte.
        log: What the app wrote meanwhile; read only when it answered 500.
    """

    request: Request
    status: int
    headers: httpx.Headers
    body: bytes
    seconds: float
    log: str = ""

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


class HttpProbe:
    """A client of one app: no redirects, no cookies, no proxies, and an end to everything."""

    def __init__(self, base_url: str) -> None:
        # verify=False: loopback speaks plain HTTP, and loading the CA bundle takes 20 ms.
        self._client = httpx.Client(
            base_url=base_url,
            timeout=LONGEST_SILENCE,
            trust_env=False,
            verify=False,  # noqa: S501 - see above
            # A connection that is kept may be closed by the server at the moment it is used again.
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=0),
            headers={"Accept-Encoding": "identity"},
        )

    def send(self, request: Request) -> Exchange:
        """Send one request.

        Raises:
            NoAnswerError: nothing came in time, the connection broke, or it was no HTTP.
        """
        started = time.perf_counter()
        self._client.cookies.clear()
        try:
            with self._client.stream(
                request.method,
                request.path,
                headers=dict(request.headers),
                content=request.body or None,
            ) as response:
                body = read_body(response, started)
        except httpx.TimeoutException as error:
            raise NoAnswerError(f"no answer within {LONGEST_SILENCE:.0f} s") from error
        except httpx.HTTPError as error:
            raise NoAnswerError(f"the connection broke ({type(error).__name__})") from error
        seconds = time.perf_counter() - started
        return Exchange(request, response.status_code, response.headers, body, seconds)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def read_body(response: httpx.Response, started: float) -> bytes:
    """Read up to LONGEST_BODY bytes within LONGEST_ANSWER seconds."""
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise NoAnswerError(f"an answer of more than {LONGEST_BODY >> 20} MiB")
        if time.perf_counter() - started > LONGEST_ANSWER:
            raise NoAnswerError(f"an answer that was not complete after {LONGEST_ANSWER:.0f} s")
    return bytes(body)


def make_request(
    method: str,
    path: str,
    *,
    json_body: Any = None,
    form: Mapping[str, str] | None = None,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """Build a request; `json_body` and `form` set the content type, `token` the authorization."""
    sent = dict(headers or {})
    body = b""
    if token is not None:
        sent["Authorization"] = f"Bearer {token}".rstrip()  # a space at the end is no legal header
    if json_body is not None:
        sent["Content-Type"] = "application/json"
        body = json.dumps(json_body, ensure_ascii=False).encode()
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = str(httpx.QueryParams(dict(form))).encode()
    return Request(method, path, sent, body)
