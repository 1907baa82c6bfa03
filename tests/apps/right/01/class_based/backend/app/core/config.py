from collections.abc import Mapping
from dataclasses import dataclass
from os import environ
from urllib.parse import urlsplit

DEFAULT_ORIGIN = "http://localhost:3000"


class ConfigError(SystemExit):
    """Ends the process with a message instead of a traceback."""


@dataclass(frozen=True, slots=True)
class Config:
    origins: frozenset[str]

    @classmethod
    def from_env(cls, env: Mapping[str, str] = environ) -> "Config":
        names = [name.strip() for name in (env.get("CORS_ORIGINS") or DEFAULT_ORIGIN).split(",")]
        for name in names:
            if not urlsplit(name).scheme or urlsplit(name).path:
                raise ConfigError(f"CORS_ORIGINS: {name!r} is not an origin like {DEFAULT_ORIGIN}")
        return cls(origins=frozenset(names))
