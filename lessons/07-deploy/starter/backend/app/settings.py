"""Read every environment variable in one place, and refuse to start on a wrong one."""

import re
from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.networks import AnyHttpUrl
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SHORTEST_SECRET = 32  # bytes: as long as the SHA-256 output that HS256 is built on


class DatabaseSettings(BaseSettings):
    """What talks to the database needs: migrations read this and nothing else."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr | None = None


class Settings(DatabaseSettings):
    """The environment, checked: a field `cors_origins` is the variable CORS_ORIGINS."""

    # Who may call this API from a browser
    cors_origins: Annotated[list[str], NoDecode] = ["http://localhost:3000"]

    @field_validator("cors_origins", mode="before")
    @classmethod
    def split_origins(cls, value: str | list[str]) -> list[str]:
        """Turn `http://a, http://b` into a list of origins."""
        if isinstance(value, list):
            return value
        return [origin.strip().rstrip("/") for origin in value.split(",") if origin.strip()]

    @field_validator("cors_origins")
    @classmethod
    def refuse_wildcard(cls, origins: list[str]) -> list[str]:
        """Refuse `*`: together with credentials it lets every website act for the user."""
        if "*" in origins:
            raise ValueError("list the exact origins, * would let in every website")
        return origins

    # Passwords and tokens
    better_auth_secret: SecretStr
    access_token_minutes: int = Field(default=60, gt=0, le=525_600)  # a year at most
    bcrypt_rounds: int = Field(default=12, ge=4, le=31)

    @field_validator("better_auth_secret")
    @classmethod
    def refuse_short_secret(cls, secret: SecretStr) -> SecretStr:
        """Refuse a key that could be guessed."""
        if len(secret.get_secret_value().encode()) < SHORTEST_SECRET:
            raise ValueError(f"give it {SHORTEST_SECRET} bytes or more")
        return secret

    # The model behind the chatbot, and what it may cost
    openai_api_key: SecretStr | None = None
    openai_base_url: AnyHttpUrl = AnyHttpUrl("https://api.openai.com/v1")
    openai_model: str = "gpt-5.4-mini"
    openai_timeout_seconds: float = Field(default=60, gt=0, le=600)
    chat_daily_tokens: int = Field(default=100_000, ge=0, le=1_000_000_000)
    chat_max_steps: int = Field(default=5, ge=0, le=50)
    chat_max_output_tokens: int = Field(default=1024, ge=1, le=100_000)

    @field_validator("openai_api_key")
    @classmethod
    def refuse_odd_key(cls, key: SecretStr | None) -> SecretStr | None:
        """Refuse what cannot be a key: it travels in a header, which takes plain letters only."""
        if key is not None and not re.fullmatch(r"[!-~]+", key.get_secret_value()):
            raise ValueError("a key has no spaces and only plain letters, digits and signs")
        return key


@lru_cache
def get_settings() -> Settings:
    """Read the environment once; end the process with a plain message when it is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        raise SystemExit(explain(error)) from None


def explain(error: ValidationError) -> str:
    """Name each wrong variable and why, without its value: a log is no place for a secret."""
    lines = [f"  {str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
    return "\n".join(["The app cannot start with these settings:", *lines])


async def provide_settings() -> Settings:
    """Hand the settings to a route; async, since it waits for nothing and needs no thread."""
    return get_settings()


SettingsDep = Annotated[Settings, Depends(provide_settings)]
