from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from typing_extensions import TypedDict

from app.config import Config, config

router = APIRouter(prefix="/health", tags=["system"])


class Health(TypedDict):
    status: Literal["ok"]
    origins: int


@router.get("", summary="Liveness", response_model=Health)
def read(response: Response, settings: Annotated[Config, Depends(lambda: config)]) -> Health:
    response.headers["Cache-Control"] = "no-store"
    return {"status": "ok", "origins": len(settings.origins)}
