"""Make the model of the settings, as Pydantic AI knows it."""

from functools import lru_cache

from openai import AsyncOpenAI, Timeout
from pydantic import SecretStr
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider

from app.services.chat.errors import ModelUnavailableError
from app.settings import Settings

LONGEST_CONNECT = 5.0  # seconds to open a connection


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
        )
        self.most_tokens = settings.chat_max_output_tokens


@lru_cache
def make_chat(key: SecretStr, base_url: str, name: str, silence: float) -> OpenAIChatModel:
    """Make the one client of this process; tries of its own would multiply the silence."""
    client = AsyncOpenAI(
        api_key=key.get_secret_value(),
        base_url=base_url,
        timeout=Timeout(silence, connect=min(silence, LONGEST_CONNECT)),
        max_retries=0,
    )
    # Else an answer that breaks off counts as a whole one.
    profile = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
    return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=client), profile=profile)
