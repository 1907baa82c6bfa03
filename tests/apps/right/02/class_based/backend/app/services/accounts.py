from __future__ import annotations

from functools import cached_property

import bcrypt

from app.errors import BadCredentials, Unauthorized
from app.models.registration import Registration
from app.models.user import User
from app.repositories.users import UserRepository
from app.services.tokens import TokenService


class AccountService:
    def __init__(self, users: UserRepository, tokens: TokenService, rounds: int) -> None:
        self._users = users
        self._tokens = tokens
        self._rounds = rounds

    @cached_property
    def _nobody(self) -> User:
        return User(email="", name="", password_hash=self._hash("nobody signs in as nobody"))

    def _hash(self, password: str) -> bytes:
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt(self._rounds))

    def warm_up(self) -> None:
        """Compute the hash that stands in for unknown users before anybody asks."""
        self._nobody  # noqa: B018 - cached from now on

    def register(self, registration: Registration) -> User:
        user = User(
            email=registration.email,
            name=registration.name,
            password_hash=self._hash(registration.password),
        )
        self._users.add(user)
        return user

    def sign_in(self, email: str, password: str) -> tuple[str, int]:
        user = self._users.by_email(email.strip().casefold()) or self._nobody
        try:
            fits = bcrypt.checkpw(password.encode(), user.password_hash)
        except ValueError:  # longer than bcrypt takes
            fits = False
        if user is self._nobody or not fits:
            raise BadCredentials
        return self._tokens.issue(user), self._tokens.seconds

    def identify(self, token: str) -> User:
        user = self._users.by_id(self._tokens.read(token))
        if user is None:
            raise Unauthorized
        return user
