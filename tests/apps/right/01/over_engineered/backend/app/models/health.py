from pydantic import BaseModel, ConfigDict


class HealthView(BaseModel):
    model_config = ConfigDict(frozen=True)

    status: str
    checks: list[str]
