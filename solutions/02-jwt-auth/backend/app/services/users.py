"""Keep the users: in memory for now. Lesson 3 puts PostgreSQL behind the same methods."""

from datetime import UTC, datetime
from threading import Lock
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends

from app.models.user import User


class EmailTakenError(Exception):
    """Somebody has registered this address already."""


class UserStore:
    """The users of this process. Requests run in several threads: one lock guards the dict."""

    def __init__(self) -> None:
        self._by_email: dict[str, User] = {}
        self._lock = Lock()

    def add(self, email: str, name: str, hashed_password: str) -> User:
        """Add a user.

        Raises:
            EmailTakenError: the address is taken. Looking and adding are one step under the lock,
                so that of two requests at once only one can win.
        """
        user = User(
            id=uuid4(),
            email=email,
            name=name,
            hashed_password=hashed_password,
            created_at=datetime.now(UTC),
        )
        with self._lock:
            if email in self._by_email:
                raise EmailTakenError(email)
            self._by_email[email] = user
        return user

    def find_by_email(self, email: str) -> User | None:
        """Return the user who registered with this address."""
        return self._by_email.get(email)

    def find(self, user_id: UUID) -> User | None:
        """Return the user of this id."""
        with self._lock:
            return next((u for u in self._by_email.values() if u.id == user_id), None)


# Made here and not by the first request: of two first requests at once, each would make its own.
STORE = UserStore()


async def get_users() -> UserStore:
    """Return the one store of this process; async, since it waits for nothing."""
    return STORE


UsersDep = Annotated[UserStore, Depends(get_users)]
