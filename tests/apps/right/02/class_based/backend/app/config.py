"""The configuration of the service, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


class ConfigError(SystemExit):
    pass


@dataclass(frozen=True, slots=True)
class Config:
    secret: bytes = field(repr=False)
    lifetime: timedelta
    rounds: int
    origins: tuple[str, ...]

    @classmethod
    def load(cls, env: Mapping[str, str] = os.environ) -> Config:
        return cls(
            secret=cls._secret(env),
            lifetime=timedelta(minutes=cls._integer(env, "ACCESS_TOKEN_MINUTES", "60", 1)),
            rounds=cls._integer(env, "BCRYPT_ROUNDS", "12", 4),
            origins=cls._origins(env),
        )

    @staticmethod
    def _secret(env: Mapping[str, str]) -> bytes:
        secret = env.get("BETTER_AUTH_SECRET", "").encode()
        if not secret:
            raise ConfigError("configuration: BETTER_AUTH_SECRET is not set")
        if len(secret) < 32:
            raise ConfigError("configuration: BETTER_AUTH_SECRET is shorter than 32 bytes")
        return secret

    @staticmethod
    def _integer(env: Mapping[str, str], name: str, default: str, least: int) -> int:
        text = env.get(name, default)
        if not text.isdecimal() or int(text) < least:
            raise ConfigError(f"configuration: {name} is {text!r}, wanted a number from {least} on")
        return int(text)

    @staticmethod
    def _origins(env: Mapping[str, str]) -> tuple[str, ...]:
        listed = env.get("CORS_ORIGINS", "http://localhost:3000").split(",")
        return tuple(origin.strip() for origin in listed if "*" not in origin)
