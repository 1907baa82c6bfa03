"""An account as visitors see it: what they send to register, and what anybody gets back."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    EmailStr,
    Field,
    TypeAdapter,
    ValidationError,
)

LONGEST_PASSWORD = 72  # bytes: bcrypt reads no further
NO_NUL = r"^[^\x00]*$"  # a character that databases refuse to store


def normalise_email(email: object) -> object:
    """Make ` Ada@Example.com ` and `ada@example.com` the same address."""
    return email.strip().lower() if isinstance(email, str) else email


# TODO L2.3: an Email is an EmailStr, normalised first; a Password has 8 characters or more
# and at most 72 bytes in UTF-8.
Email = str
Password = str


EMAIL = TypeAdapter(Email)


def read_email(typed: str) -> str:
    """Return an address as `register` stores it; of what is no address, a text that nobody has."""
    try:
        return EMAIL.validate_python(typed)
    except ValidationError:
        return ""


class UserCreate(BaseModel):
    """What a visitor sends to register."""

    email: Email
    password: Password
    name: str = Field(default="", max_length=100, pattern=NO_NUL)


class UserPublic(BaseModel):
    """What anybody may see: no password, no hash."""

    id: UUID
    email: str
    name: str
    created_at: datetime
