"""Talk to the model over plain HTTP: what the SDK does, in the few lines that this app needs."""

import calendar
import json
import logging
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from email.utils import parsedate
from functools import lru_cache
from typing import Any

import httpx2

from app.services.chat.chunks import Reply
from app.services.chat.errors import ModelFailedError, ModelUnavailableError
from app.settings import Settings

LONGEST_CONNECT = 5.0  # seconds
LONGEST_PAUSE = 7 * 24 * 3600  # seconds
BUSY, REFUSED = 429, 400
LATER = "Please try again in a moment."

logger = logging.getLogger("taskboard")


@lru_cache
def make_client(timeout: float) -> httpx2.AsyncClient:
    """Make the one client of this process."""
    limits = httpx2.Timeout(timeout, connect=min(timeout, LONGEST_CONNECT))
    # As many as come: who asks the chatbot has been let in by its own limits.
    connections = httpx2.Limits(max_connections=1000)
    return httpx2.AsyncClient(timeout=limits, limits=connections)


class Model:
    """The model of the settings."""

    def __init__(self, settings: Settings) -> None:
        if settings.openai_api_key is None:
            raise ModelUnavailableError("The chatbot is not set up: this app has no key for it.")
        self._client = make_client(settings.openai_timeout_seconds)
        self._address = f"{str(settings.openai_base_url).rstrip('/')}/chat/completions"
        self._headers = {"Authorization": f"Bearer {settings.openai_api_key.get_secret_value()}"}
        self._name = settings.openai_model
        self._most_tokens = settings.chat_max_output_tokens

    async def ask(
        self, messages: list[Any], tools: list[Any], reply: Reply
    ) -> AsyncGenerator[str, None]:
        """Yield the text as it comes; what else comes is found in `reply`.

        Raises:
            ChatError: the model cannot be reached, refuses, fails, breaks off or talks nonsense.
        """
        body = {
            "model": self._name,
            "messages": messages,
            "tools": tools,
            "max_tokens": self._most_tokens,
            "stream": True,
        }
        with explain_failures():
            async with self._client.stream(
                "POST", self._address, json=body, headers=self._headers
            ) as answer:
                refuse_failure(answer)
                async for line in answer.aiter_lines():
                    data = line.removeprefix("data:").strip()
                    if not line.startswith("data:") or data == "[DONE]":
                        continue
                    if text := reply.add(json.loads(data)):
                        yield text
        if not reply.is_finished:
            raise ModelFailedError("The model broke off in the middle. Please try again.")


def refuse_failure(answer: httpx2.Response) -> None:
    """Raise what a status of 400 or more means."""
    if answer.status_code < REFUSED:
        return
    logger.warning("the model: status %s", answer.status_code)
    if answer.status_code == BUSY:
        seconds = read_pause(answer.headers.get("retry-after", ""))
        is_advice = 0 < seconds <= LONGEST_PAUSE
        raise ModelUnavailableError(
            f"The model is too busy. {LATER}", seconds if is_advice else None
        )
    raise ModelFailedError("The model could not answer. Please try again.")


def read_pause(wait: str) -> int:
    """Return the seconds of a Retry-After, which may be a date; 0 when it is neither."""
    if wait.isascii() and wait.isdigit():
        return int(wait)
    parts = parsedate(wait)
    return calendar.timegm(parts) - int(time.time()) if parts else 0


@contextmanager
def explain_failures() -> Iterator[None]:
    """Raise a ChatError in place of what the client raises."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise ModelUnavailableError(f"The model does not answer. {LATER}") from error
    except (httpx2.ConnectError, httpx2.WriteError) as error:
        raise ModelUnavailableError(f"The model cannot be reached. {LATER}") from error
    except (httpx2.HTTPError, ValueError) as error:
        raise ModelFailedError("The model could not answer. Please try again.") from error
