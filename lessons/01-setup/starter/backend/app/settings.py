"""Read every environment variable in one place, and refuse to start on a wrong one."""

from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from pydantic import ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """The environment, checked: a field `cors_origins` is the variable CORS_ORIGINS."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    # Who may call this API from a browser
    # TODO L1.4: fill this list from the variable CORS_ORIGINS (commas between the origins),
    # and refuse a list that holds "*".
    cors_origins: Annotated[list[str], NoDecode] = ["http://localhost:3000"]

    @field_validator("cors_origins", mode="before")
    @classmethod
    def split_origins(cls, value: str | list[str]) -> list[str]:
        """Turn `http://a, http://b` into a list of origins."""
        return ["http://localhost:3000"]


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
