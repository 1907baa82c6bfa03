"""Look at Spaces that somebody has deployed, on the Hub itself or on one that rehearses it."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import quote

from checker.errors import ProbeError

LONGEST = 30.0  # seconds; a Space that sleeps answers when it is awake
LONGEST_READ = 1_000_000  # bytes
SAFE = ("https://", "http://127.0.0.1:", "http://localhost:")


@dataclass(frozen=True)
class Reply:
    """What came back from an address.

    Attributes:
        status: 0 when nothing came.
        text: The body, or why there is none.
        headers: Names in lower case.
    """

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class RemoteSpace:
    """A Space as its Hub describes it.

    Attributes:
        stage: Such as `RUNNING`; empty when the Hub knows no such Space.
        address: Where its app answers.
    """

    id: str
    stage: str
    address: str


def visit(url: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Ask for a page, as a visitor would; the headers go to this address, and to no other."""
    request = urllib.request.Request(url)  # noqa: S310 - a Hub names addresses of the web
    for name, value in (headers or {}).items():
        request.add_unredirected_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=LONGEST) as answer:  # noqa: S310
            return make_reply(answer.status, answer)
    except urllib.error.HTTPError as error:
        with error:
            return make_reply(error.code, error)
    except (OSError, HTTPException) as error:
        return Reply(0, f"no answer: {getattr(error, 'reason', error)}", {})


def make_reply(status: int, answer: Any) -> Reply:
    """Read what came, up to a bound."""
    text = answer.read(LONGEST_READ).decode("utf-8", "replace")
    return Reply(status, text, {name.lower(): value for name, value in answer.headers.items()})


class RemoteHub:
    """A Hub, asked with a token that may read.

    Args:
        endpoint: Its address, without a slash at the end.
        token: Whose account is looked at.

    Raises:
        ProbeError: a token must not be sent to that address.
    """

    def __init__(self, endpoint: str, token: str) -> None:
        if not endpoint.startswith(SAFE):
            raise ProbeError(
                f"HF_ENDPOINT is {endpoint}: a token goes to addresses with https:// only",
                "Write HF_ENDPOINT=https://huggingface.co, or what ./course hub prints.",
            )
        self.endpoint = endpoint
        self._token = token

    def find_owner(self) -> str:
        """Return the name of the account.

        Raises:
            ProbeError: the Hub cannot be reached, or does not know the token.
        """
        return str(self._ask("/api/whoami-v2").get("name", ""))

    def find_space(self, name: str) -> RemoteSpace:
        """Return a Space by its id, such as `ada/taskboard-backend`.

        Raises:
            ProbeError: the Hub cannot be reached, or does not know the token.
        """
        found = self._ask(f"/api/spaces/{quote(name)}")
        stage = str((found.get("runtime") or {}).get("stage", ""))
        return RemoteSpace(name, stage, str(found.get("host") or ""))

    def _ask(self, path: str) -> dict[str, Any]:
        """Return the Hub's answer; nothing stands in it when there is no such thing."""
        reply = visit(f"{self.endpoint}{path}", {"Authorization": f"Bearer {self._token}"})
        if reply.status == HTTPStatus.NOT_FOUND:
            return {}
        if reply.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise ProbeError(
                f"{self.endpoint} does not take the token in HF_TOKEN ({reply.status})",
                "Make one on the Hub's page of tokens, or take the one that ./course hub prints.",
            )
        try:
            found = json.loads(reply.text)
        except ValueError:
            found = None
        if reply.status != HTTPStatus.OK or not isinstance(found, dict):
            raise ProbeError(
                f"{self.endpoint} cannot be asked ({reply.status or reply.text})",
                "Look whether the address in HF_ENDPOINT is right and the network is there.",
            )
        return found
