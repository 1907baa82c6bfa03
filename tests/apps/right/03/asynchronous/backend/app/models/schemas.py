from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field

from app.models.tables import Status


def short_enough(password: str) -> str:
    if len(password.encode()) > 72:
        raise ValueError("72 bytes at most")
    return password


def not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("not only spaces")
    return text


Line = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Title = Annotated[Line, Field(max_length=200), AfterValidator(not_blank)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Registration(Strict):
    email: EmailStr
    password: Annotated[Line, Field(min_length=8), AfterValidator(short_enough)]
    name: Line = ""


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    email: str
    name: str
    created_at: datetime


class TaskIn(Strict):
    title: Title
    description: Line | None = None
    status: Status = Status.PENDING


class TaskPatch(Strict):
    title: Title = Field(default="-")
    description: Line | None = None
    status: Status = Status.PENDING


class TaskOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    user_id: UUID
    title: str
    description: str | None
    status: Status
    created_at: datetime
    updated_at: datetime


class Page(BaseModel):
    total: int
    items: list[TaskOut]
    more: bool
