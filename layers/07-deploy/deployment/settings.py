"""What a deployment is told: by the environment, and by deployment/.env."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deployment.errors import DeployError

ROOT = Path(__file__).parent.parent
BACKEND, FRONTEND = ROOT / "backend", ROOT / "frontend"
PORT = "7860"  # what both cards call app_port


class Settings(BaseSettings):
    """The settings; whoever prints a SecretStr sees stars."""

    model_config = SettingsConfigDict(
        env_file=Path(__file__).with_name(".env"), env_ignore_empty=True, extra="ignore"
    )

    hf_token: SecretStr | None = None
    hf_endpoint: str = "https://huggingface.co"
    space_owner: str = ""
    space_name: str = "taskboard"
    deploy_timeout_seconds: float = 900

    database_url: SecretStr
    better_auth_secret: SecretStr = Field(min_length=32)
    openai_api_key: SecretStr | None = None
    openai_base_url: str = "https://api.openai.com/v1"
    openai_model: str = "gpt-5.4-mini"

    def read_token(self) -> str | None:
        """Return the token; None lets the client take the one of `hf auth login`."""
        return self.hf_token.get_secret_value() if self.hf_token else None

    def name_space(self, owner: str, part: str) -> str:
        """Return the id of a Space."""
        return f"{owner}/{self.space_name}-{part}"

    def secrets(self) -> dict[str, str]:
        """Return what the backend must know and nobody else."""
        found = {
            "DATABASE_URL": self.database_url,
            "BETTER_AUTH_SECRET": self.better_auth_secret,
            "OPENAI_API_KEY": self.openai_api_key,
        }
        return {name: value.get_secret_value() for name, value in found.items() if value}

    def backend_variables(self, frontend: str) -> dict[str, str]:
        """Return what the backend is told, and everybody may read."""
        return {
            "PORT": PORT,
            "CORS_ORIGINS": frontend,
            "OPENAI_BASE_URL": self.openai_base_url,
            "OPENAI_MODEL": self.openai_model,
        }

    def frontend_variables(self, backend: str) -> dict[str, str]:
        """Return what the frontend is told: its build bakes the address into the pages."""
        return {"PORT": PORT, "NEXT_PUBLIC_API_URL": backend}


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        DeployError: something is missing. Its own message would show what else was read.
    """
    try:
        return Settings()
    except ValidationError as error:
        reasons = [f"{one['loc'][0]}: {one['msg']}".upper() for one in error.errors()]
        raise DeployError(
            f"{'; '.join(reasons)}. Set it in the environment or in deployment/.env."
        ) from None
