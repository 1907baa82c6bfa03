"""Make the model of the settings, as LangChain knows it."""

from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Any

from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from openai import APIConnectionError, APITimeoutError
from pydantic import SecretStr

from app.services.chat.errors import ModelFailedError, ModelUnavailableError
from app.services.chat.failures import explain_failures
from app.settings import Settings


class CarefulChat(ChatOpenAI):
    """Say what fails in our words, and take no half answer for a whole one, as LangChain does."""

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        has_begun = is_finished = False
        with explain_failures():
            try:
                async for chunk in super()._astream(*args, **kwargs):
                    has_begun = True
                    is_finished |= "finish_reason" in (chunk.generation_info or {})
                    yield chunk
            except (AttributeError, LookupError, TypeError) as error:
                raise ValueError("not the shape of a chunk") from error
            except APIConnectionError as error:
                if isinstance(error, APITimeoutError) or not has_begun:
                    raise
        if not is_finished:
            raise ModelFailedError("The model broke off in the middle. Please try again.")


class Model:
    """The model of the settings."""

    def __init__(self, settings: Settings) -> None:
        if settings.openai_api_key is None:
            raise ModelUnavailableError("The chatbot is not set up: this app has no key for it.")
        self.chat = make_chat(
            settings.openai_api_key,
            str(settings.openai_base_url),
            settings.openai_model,
            settings.openai_timeout_seconds,
            settings.chat_max_output_tokens,
        )


@lru_cache
def make_chat(
    key: SecretStr, base_url: str, name: str, longest_silence: float, most_tokens: int
) -> CarefulChat:
    """Make the one client of this process; tries of its own would multiply the silence."""
    return CarefulChat(
        api_key=key,
        base_url=base_url,
        model=name,
        timeout=longest_silence,
        stream_chunk_timeout=longest_silence,
        max_completion_tokens=most_tokens,
        max_retries=0,
        stream_usage=True,  # by default only where OpenAI itself answers
        use_responses_api=False,
    )
