"""A user as the database keeps it: the only shape that holds the hash."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    text,
)
from sqlmodel import Field, SQLModel

from app.models.base import now


class User(SQLModel, table=True):
    """Somebody who has registered."""

    __table_args__ = (
        Index("ix_user_email_lower", text("lower(email)"), unique=True),
        CheckConstraint("length(hashed_password) = 60", "hash_length"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(max_length=320)
    name: str = Field(max_length=100)
    hashed_password: str = Field(max_length=60)
    password_changed_at: datetime = Field(
        default_factory=now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": text("now()")},
    )
    is_active: bool = True
    number: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, Identity(always=True), nullable=False),
    )
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
