from typing import Annotated

from pydantic import AfterValidator, Field, PositiveInt, SecretBytes, ValidationError
from pydantic_settings import BaseSettings


def long_enough(key: SecretBytes) -> SecretBytes:
    if len(key.get_secret_value()) < 32:
        raise ValueError("at least 32 bytes are needed")
    return key


class Settings(BaseSettings):
    BETTER_AUTH_SECRET: Annotated[SecretBytes, AfterValidator(long_enough)]
    ACCESS_TOKEN_MINUTES: PositiveInt = 60
    BCRYPT_ROUNDS: int = Field(12, ge=4, le=31)
    CORS_ORIGINS: str = "http://localhost:3000"

    @property
    def origins(self) -> list[str]:
        origins = self.CORS_ORIGINS.replace(",", " ").split()
        return [origin for origin in origins if origin.startswith("http")]


try:
    settings = Settings()
except ValidationError as error:
    wrong = ", ".join(str(e["loc"][0]) for e in error.errors())
    raise SystemExit(f"Refusing to start, please look at: {wrong}") from None
