import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    secret: str
    minutes: int
    rounds: int
    origins: list[str]


def load() -> Config:
    secret = os.environ.get("BETTER_AUTH_SECRET", "")
    if len(secret.encode()) < 32:
        sys.exit("BETTER_AUTH_SECRET must be set, and at least 32 bytes long")
    rounds = int(os.environ.get("BCRYPT_ROUNDS", 12))
    if not 4 <= rounds <= 31:
        sys.exit("BCRYPT_ROUNDS must be between 4 and 31")
    listed = os.environ.get("CORS_ORIGINS", "http://localhost:3000").split(",")
    origins = [origin.strip() for origin in listed if origin.strip() not in {"", "*"}]
    return Config(secret, int(os.environ.get("ACCESS_TOKEN_MINUTES", 60)), rounds, origins)


config = load()
