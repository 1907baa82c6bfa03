from typing import Annotated, Any

import bcrypt
from email_validator import EmailNotValidError, validate_email
from fastapi import APIRouter, Body, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool

from app.config import config
from app.middleware.tokens import CHALLENGE, make
from app.models.accounts import Account, accounts

router = APIRouter(prefix="/api/auth")


def is_text(value: object) -> bool:
    """Half of a surrogate pair, which JSON can spell, is none."""
    return isinstance(value, str) and value.encode("utf-8", "ignore").decode() == value


def check(body: dict[str, Any]) -> tuple[str, str, str]:
    email, password, name = body.get("email"), body.get("password"), body.get("name", "")
    if not all(is_text(value) for value in (email, password, name)):
        raise HTTPException(422, "email, password and name are texts")
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise HTTPException(422, "email: that is none") from None
    if len(password) < 8 or len(password.encode()) > 72:
        raise HTTPException(422, "password: 8 characters or more, 72 bytes at most")
    return email.strip().casefold(), password, name


def hash_password(password: str) -> bytes:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(config.rounds))


def fits(password: str, hashed: bytes) -> bool:
    raw = password.encode()
    return bcrypt.checkpw(raw[:72], hashed) and len(raw) <= 72


NOBODY = hash_password("nobody has this password")


@router.post("/register", status_code=201)
async def register(body: Annotated[dict[str, Any], Body()]) -> dict[str, str]:
    email, password, name = check(body)
    account = Account(email, name, await run_in_threadpool(hash_password, password))
    if not accounts.add(account):
        raise HTTPException(409, "There is an account with this address.")
    return account.show()


@router.post("/token")
async def token(username: Annotated[str, Form()], password: Annotated[str, Form()]):
    account = accounts.by_email.get(username.strip().casefold())
    hashed = account.password if account else NOBODY
    if not await run_in_threadpool(fits, password, hashed) or account is None:
        raise HTTPException(401, "Address or password is wrong.", CHALLENGE)
    return {
        "access_token": make(account),
        "token_type": "bearer",
        "expires_in": config.minutes * 60,
    }


@router.get("/me")
async def me(request: Request) -> dict[str, str]:
    if "member" not in request.auth.scopes:
        raise HTTPException(401, "Sign in first.", CHALLENGE)
    return request.user.show()
