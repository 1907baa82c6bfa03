from functools import lru_cache

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings


class Config(BaseSettings):
    better_auth_secret: str = ""
    access_token_minutes: int = 60
    bcrypt_rounds: int = Field(12, ge=4)
    cors_origins: str = "http://localhost:3000"
    database_url: str | None = None

    @field_validator("cors_origins")
    @classmethod
    def no_star(cls, value: str) -> str:
        if "*" in value:
            raise ValueError("name the origins")
        return value

    @property
    def origins(self) -> list[str]:
        return [part.strip() for part in self.cors_origins.split(",") if part.strip()]


@lru_cache
def get_config() -> Config:
    try:
        return Config()
    except ValidationError as error:
        raise SystemExit("\n".join(f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()))
