from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints


def fits_bcrypt(password: str) -> str:
    if len(password.encode()) > 72:
        raise ValueError("too long, 72 bytes is the most")
    return password


class NewUser(BaseModel):
    email: Annotated[EmailStr, StringConstraints(strip_whitespace=True)]
    password: Annotated[str, Field(min_length=8), AfterValidator(fits_bcrypt)]
    name: str = ""


class ShownUser(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    name: str
    created_at: datetime
