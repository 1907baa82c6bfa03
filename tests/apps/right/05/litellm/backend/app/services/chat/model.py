"""Talk to the model by LiteLLM, which knows every provider; one stream a call."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it fetches prices when it is imported

import litellm
from openai import APIConnectionError
from openai.types.chat import ChatCompletionFunctionToolParam, ChatCompletionMessageParam

from app.services.chat.chunks import Reply
from app.services.chat.errors import ModelFailedError, ModelUnavailableError
from app.services.chat.failures import explain_failures
from app.settings import Settings

litellm.telemetry = False
litellm.suppress_debug_info = True


class Model:
    """The model of the settings."""

    def __init__(self, settings: Settings) -> None:
        if settings.openai_api_key is None:
            raise ModelUnavailableError("The chatbot is not set up: this app has no key for it.")
        self._longest_silence = settings.openai_timeout_seconds
        self._options = {
            "model": f"openai/{settings.openai_model}",
            "api_key": settings.openai_api_key.get_secret_value(),
            "api_base": str(settings.openai_base_url),
            "timeout": settings.openai_timeout_seconds,
            "max_tokens": settings.chat_max_output_tokens,
            "max_retries": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }

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
        with explain_failures(), tell_connections():
            async with asyncio.timeout(self._longest_silence):
                chunks: Any = await litellm.acompletion(
                    messages=messages, tools=tools, **self._options
                )
            try:
                while chunk := await self.read(chunks):
                    if text := reply.add(chunk):
                        yield text
            finally:
                await chunks.aclose()
        if not reply.is_finished:
            raise ModelFailedError("The model broke off in the middle. Please try again.")

    async def read(self, chunks: Any) -> Any:
        """Wait for the next chunk, not for ever; None is the end, also of a line that was cut."""
        async with asyncio.timeout(self._longest_silence):
            try:
                return await anext(chunks, None)
            except APIConnectionError:
                return None


@contextmanager
def tell_connections() -> Iterator[None]:
    """Raise what is behind the error 500 that LiteLLM makes of a connection that fails."""
    try:
        yield
    except litellm.InternalServerError as error:
        behind: BaseException | None = error
        while behind := behind.__cause__ or behind.__context__:
            if isinstance(behind, APIConnectionError):
                raise behind from error
        raise
