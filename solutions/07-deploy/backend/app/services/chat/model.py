"""Talk to the model: one client a process, one stream a call."""

import asyncio
from collections.abc import AsyncGenerator
from functools import lru_cache

from openai import APIConnectionError, AsyncOpenAI, AsyncStream, DefaultAsyncHttpxClient, Timeout
from openai.types.chat import (
    ChatCompletionChunk,
    ChatCompletionFunctionToolParam,
    ChatCompletionMessageParam,
)

from app.services.chat.chunks import Reply
from app.services.chat.errors import ModelFailedError, ModelUnavailableError
from app.services.chat.failures import explain_failures
from app.services.chat.retries import hand_on_long_waits
from app.settings import Settings

LONGEST_CONNECT = 5.0  # seconds to open a connection
RETRIES = 3.0  # seconds more for the first sign of an answer: the SDK tries three times


@lru_cache
def make_client(key: str, base_url: str, timeout: float) -> AsyncOpenAI:
    """Make the one client of this process: it keeps connections open, as the engine does."""
    return AsyncOpenAI(
        api_key=key,
        base_url=base_url,
        timeout=Timeout(timeout + RETRIES, connect=min(timeout, LONGEST_CONNECT)),
        http_client=DefaultAsyncHttpxClient(event_hooks={"response": [hand_on_long_waits]}),
    )


class Model:
    """The model of the settings."""

    def __init__(self, settings: Settings) -> None:
        if settings.openai_api_key is None:
            raise ModelUnavailableError("The chatbot is not set up: this app has no key for it.")
        key, base_url = settings.openai_api_key.get_secret_value(), str(settings.openai_base_url)
        self._client = make_client(key, base_url, settings.openai_timeout_seconds)
        self.name = settings.openai_model
        self._longest_silence = settings.openai_timeout_seconds
        self._most_tokens = settings.chat_max_output_tokens

    async def ask(
        self,
        messages: list[ChatCompletionMessageParam],
        tools: list[ChatCompletionFunctionToolParam],
        reply: Reply,
    ) -> AsyncGenerator[str, None]:
        """Yield the text as it comes; what else comes is found in `reply`.

        Raises:
            ChatError: the model cannot be reached, refuses, fails, breaks off or talks nonsense.
        """
        with explain_failures():
            async with await self.open(messages, tools) as chunks:
                while chunk := await self.read(chunks):
                    if text := reply.add(chunk):
                        yield text
        if not reply.is_finished:
            raise ModelFailedError("The model broke off in the middle. Please try again.")

    async def open(
        self,
        messages: list[ChatCompletionMessageParam],
        tools: list[ChatCompletionFunctionToolParam],
    ) -> AsyncStream[ChatCompletionChunk]:
        """Send the call, and wait until the model begins to answer."""
        async with asyncio.timeout(self._longest_silence + RETRIES):
            return await self._client.chat.completions.create(
                model=self.name,
                messages=messages,
                tools=tools,
                max_completion_tokens=self._most_tokens,
                stream=True,
                stream_options={"include_usage": True},
            )

    async def read(self, chunks: AsyncStream[ChatCompletionChunk]) -> ChatCompletionChunk | None:
        """Wait for the next chunk, not for ever; None is the end, also of a line that was cut."""
        async with asyncio.timeout(self._longest_silence):
            try:
                return await anext(chunks, None)
            except APIConnectionError:
                return None
