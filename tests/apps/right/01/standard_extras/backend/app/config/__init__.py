"""Typed configuration."""

from functools import cached_property

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Config(BaseSettings):
    model_config = SettingsConfigDict(env_file=(".env", ".env.local"), frozen=True, extra="ignore")

    raw_origins: str = Field("http://localhost:3000", alias="CORS_ORIGINS")

    @cached_property
    def origins(self) -> list[str]:
        listed = (origin.strip() for origin in self.raw_origins.split(","))
        return [origin for origin in listed if origin.startswith(("http://", "https://"))]


config = Config()
