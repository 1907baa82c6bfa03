from datetime import datetime
from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def as_typed(email: str) -> str:
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise ValueError("not an e-mail address") from None
    return email.strip()


def within_72_bytes(password: str) -> str:
    if len(password.encode()) > 72:
        raise ValueError("over 72 bytes")
    return password


class SignUp(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, AfterValidator(as_typed)]
    password: Annotated[str, Field(min_length=8), AfterValidator(within_72_bytes)]
    name: str | None = Field(None, max_length=100)


class Profile(BaseModel):
    object: Literal["user"] = "user"
    id: str
    email: str
    name: str | None
    created_at: datetime
    is_active: bool = True
    links: dict[str, str] = {"self": "/api/auth/me"}
