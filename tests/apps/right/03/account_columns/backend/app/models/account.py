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
    PlainSerializer,
    TypeAdapter,
    ValidationError,
)

LONGEST_PASSWORD = 72  # bytes: bcrypt reads no further
NO_NUL = r"^[^\x00]*$"  # a character that databases refuse to store


def show_id(id_: UUID) -> str:
    """Show an id in capitals."""
    return str(id_).upper()


CapitalId = Annotated[UUID, PlainSerializer(show_id, return_type=str)]


def normalise_email(email: object) -> object:
    """Make ` Ada@Example.com ` and `ada@example.com` the same address."""
    return email.strip().lower() if isinstance(email, str) else email


def refuse_long_password(password: str) -> str:
    """Refuse what bcrypt would cut off; it counts bytes, and `é` is two of them."""
    if len(password.encode()) > LONGEST_PASSWORD:
        raise ValueError(f"at most {LONGEST_PASSWORD} bytes in UTF-8")
    return password


Email = Annotated[EmailStr, BeforeValidator(normalise_email)]
Password = Annotated[str, Field(min_length=8), AfterValidator(refuse_long_password)]


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

    id: CapitalId
    email: str
    name: str
    created_at: datetime
