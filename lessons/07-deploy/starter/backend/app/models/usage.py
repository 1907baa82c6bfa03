"""What the model has cost: tokens, by user and day."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class Usage(SQLModel, table=True):
    """The tokens of one user on one day, in UTC; they go when the user goes."""

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", primary_key=True)
    day: date = Field(primary_key=True)
    tokens: int = Field(default=0, sa_type=BigInteger)
