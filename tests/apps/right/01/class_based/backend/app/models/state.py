from enum import StrEnum

from pydantic import BaseModel, Field


class State(StrEnum):
    OK = "ok"


class HealthOut(BaseModel):
    status: State = State.OK
    service: str = Field(default="board", examples=["board"])
