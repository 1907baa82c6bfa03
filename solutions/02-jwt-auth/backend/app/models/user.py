"""A user as the app keeps it: the only shape that holds the hash."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class User(BaseModel):
    """Somebody who has registered."""

    id: UUID
    email: str
    name: str
    hashed_password: str
    created_at: datetime
