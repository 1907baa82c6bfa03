import os
from dataclasses import dataclass


class ConfigurationError(SystemExit):
    pass


@dataclass(frozen=True)
class Configuration:
    secret: str
    rounds: int
    minutes: int
    origins: tuple[str, ...]
    database_url: str | None

    @classmethod
    def read(cls) -> "Configuration":
        env = os.environ
        origins = [o.strip() for o in env.get("CORS_ORIGINS", "http://localhost:3000").split(",")]
        if "*" in origins:
            raise ConfigurationError("CORS_ORIGINS: * is too wide")
        return cls(
            secret=env.get("BETTER_AUTH_SECRET", ""),
            rounds=int(env.get("BCRYPT_ROUNDS", 12)),
            minutes=int(env.get("ACCESS_TOKEN_MINUTES", 60)),
            origins=tuple(o for o in origins if o),
            database_url=env.get("DATABASE_URL") or None,
        )

    def validate(self) -> None:
        if len(self.secret.encode()) < 32:
            raise ConfigurationError("BETTER_AUTH_SECRET must have 32 bytes")
        if self.rounds < 4:
            raise ConfigurationError("BCRYPT_ROUNDS must be 4 or more")
