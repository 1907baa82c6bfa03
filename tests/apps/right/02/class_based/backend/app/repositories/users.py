from __future__ import annotations

from abc import ABC, abstractmethod
from threading import RLock

from app.errors import Taken
from app.models.user import User


class UserRepository(ABC):
    @abstractmethod
    def add(self, user: User) -> None: ...

    @abstractmethod
    def by_email(self, email: str) -> User | None: ...

    @abstractmethod
    def by_id(self, user_id: str) -> User | None: ...


class MemoryUserRepository(UserRepository):
    def __init__(self) -> None:
        self._rows: list[User] = []
        self._guard = RLock()

    def add(self, user: User) -> None:
        with self._guard:
            if self.by_email(user.email):
                raise Taken
            self._rows.append(user)

    def by_email(self, email: str) -> User | None:
        return self._first(lambda user: user.email == email)

    def by_id(self, user_id: str) -> User | None:
        return self._first(lambda user: str(user.id) == user_id)

    def _first(self, fits) -> User | None:
        with self._guard:
            return next(filter(fits, self._rows), None)
