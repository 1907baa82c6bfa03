"""Talk to the model with the synchronous client: each call runs in a thread of its own."""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Any

import httpx2
from openai import APIConnectionError, OpenAI
from openai.types.chat import ChatCompletionChunk

from app.services.chat.chunks import Reply
from app.services.chat.errors import ModelFailedError, ModelUnavailableError
from app.services.chat.failures import explain_failures
from app.settings import Settings

LONGEST_CONNECT = 5.0  # seconds
THREADS = ThreadPoolExecutor(200, "model")
TLS = ssl.create_default_context()

Item = ChatCompletionChunk | Exception | None


class Call:
    """One call. What comes is put into a queue: chunks, an exception perhaps, at last None."""

    def __init__(self, settings: Settings, key: str, body: dict[str, Any]) -> None:
        silence = settings.openai_timeout_seconds
        self._http = httpx2.Client(
            verify=TLS,
            timeout=httpx2.Timeout(silence, connect=min(silence, LONGEST_CONNECT)),
            event_hooks={"request": [self._follow]},
        )
        address = str(settings.openai_base_url)
        self._client = OpenAI(api_key=key, base_url=address, http_client=self._http, max_retries=0)
        self._body = body
        self._loop = asyncio.get_running_loop()
        self._lock = Lock()
        self._socket: socket.socket | None = None
        self._is_over = False
        self.items: asyncio.Queue[Item] = asyncio.Queue()

    def start(self) -> None:
        THREADS.submit(self._run)

    def hang_up(self) -> None:
        """End the call from another thread: whoever reads the socket finds its end."""
        with self._lock:
            self._is_over = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _follow(self, request: httpx2.Request) -> None:
        request.extensions["trace"] = self._note

    def _note(self, event: str, facts: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            with self._lock:
                self._socket = facts["return_value"].get_extra_info("socket")
            if self._is_over:
                self.hang_up()

    def _run(self) -> None:
        try:
            with self._http, self._client.chat.completions.create(**self._body) as stream:
                for chunk in stream:
                    self._put(chunk)
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
            self._put(error)
        finally:
            with self._lock:
                self._socket = None
            self._put(None)

    def _put(self, item: Item) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self.items.put_nowait, item)


class Model:
    """The model of the settings."""

    def __init__(self, settings: Settings) -> None:
        if settings.openai_api_key is None:
            raise ModelUnavailableError("The chatbot is not set up: this app has no key for it.")
        self._key = settings.openai_api_key.get_secret_value()
        self._settings = settings

    async def ask(
        self, messages: list[Any], tools: list[Any], reply: Reply
    ) -> AsyncGenerator[str, None]:
        """Yield the text as it comes; what else comes is found in `reply`.

        Raises:
            ChatError: the model cannot be reached, refuses, fails, breaks off or talks nonsense.
        """
        body = {
            "model": self._settings.openai_model,
            "messages": messages,
            "tools": tools,
            "max_tokens": self._settings.chat_max_output_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        call = Call(self._settings, self._key, body)
        call.start()
        has_begun = False
        try:
            with explain_failures():
                while (item := await call.items.get()) is not None:
                    if isinstance(item, httpx2.TimeoutException):
                        raise TimeoutError from item
                    if has_begun and isinstance(item, APIConnectionError | httpx2.HTTPError):
                        break
                    if isinstance(item, Exception):
                        raise item
                    has_begun = True
                    if text := reply.add(item):
                        yield text
        finally:
            call.hang_up()
        if not reply.is_finished:
            raise ModelFailedError("The model broke off in the middle. Please try again.")
