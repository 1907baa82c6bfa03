"""Keep the users in PostgreSQL, behind the same methods as the store in memory had."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.database import SessionDep
from app.models.user import User


class EmailTakenError(Exception):
    """Somebody has registered this address already."""


class UserStore:
    """The users in the database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, email: str, name: str, hashed_password: str) -> User:
        """Add a user.

        Raises:
            EmailTakenError: the address is taken. The unique index decides: of two requests at
                once only one can win, in whichever processes they run.
        """
        user = User(email=email, name=name, hashed_password=hashed_password)
        self._session.add(user)
        try:
            self._session.commit()
        except IntegrityError as error:
            self._session.rollback()
            raise EmailTakenError(email) from error
        return user

    def find_by_email(self, email: str) -> User | None:
        """Return the user who registered with this address."""
        if "\x00" in email:  # PostgreSQL refuses the character, so nobody can have it
            return None
        return self._session.exec(select(User).where(func.lower(col(User.email)) == email)).first()

    def find(self, user_id: UUID) -> User | None:
        """Return the user of this id."""
        return self._session.get(User, user_id)


async def get_users(session: SessionDep) -> UserStore:
    """Return the users as this request's session sees them."""
    return UserStore(session)


UsersDep = Annotated[UserStore, Depends(get_users)]
