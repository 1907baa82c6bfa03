import time
from uuid import UUID

import bcrypt
import jwt
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer

from app.configuration import Configuration
from app.models.entities import Account
from app.storage.database import UnitOfWork


class Passwords:
    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self.decoy = bcrypt.hashpw(b"decoy", bcrypt.gensalt(rounds)).decode()

    def hash(self, password: str) -> str:
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt(self.rounds)).decode()

    def fits(self, password: str, account: Account | None) -> bool:
        stored = account.hashed_password if account else self.decoy
        given = password.encode()
        fits = bcrypt.checkpw(given[:72], stored.encode())
        return account is not None and fits and len(given) <= 72


class Tokens:
    def __init__(self, configuration: Configuration) -> None:
        self.key = configuration.secret
        self.seconds = configuration.minutes * 60

    def issue(self, account: Account) -> str:
        now = int(time.time())
        claims = {"sub": account.email, "user_id": str(account.id), "iat": now}
        return jwt.encode(claims | {"exp": now + self.seconds}, self.key, algorithm="HS256")

    def read(self, token: str) -> UUID | None:
        try:
            claims = jwt.decode(token, self.key, ["HS256"], options={"require": ["exp", "user_id"]})
            return UUID(str(claims["user_id"]))
        except (jwt.PyJWTError, ValueError):
            return None


def unit(request: Request):
    yield from request.app.state.database.open()


class Unauthorized(HTTPException):
    def __init__(self) -> None:
        super().__init__(401, "Unauthorized", {"WWW-Authenticate": "Bearer"})


def current(
    request: Request, unit: UnitOfWork = Depends(unit), header=Depends(HTTPBearer(auto_error=False))
) -> Account:
    if header is None or (account_id := request.app.state.tokens.read(header.credentials)) is None:
        raise Unauthorized
    if (account := unit.accounts.by_id(account_id)) is None:
        raise Unauthorized
    return account
