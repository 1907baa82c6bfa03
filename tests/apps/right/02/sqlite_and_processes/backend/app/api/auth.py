import time
from typing import Annotated

from fastapi import Form, Header, Request

from app.core import jwt
from app.core.settings import settings
from app.models.schemas import NewUser, ShownUser

KEY = settings.BETTER_AUTH_SECRET.get_secret_value()
SECONDS = settings.ACCESS_TOKEN_MINUTES * 60


class NotSignedIn(Exception):
    pass


async def register(new: NewUser, request: Request) -> ShownUser:
    hashed = await request.state.hasher.hash(new.password)
    row = request.state.database.add(new.email.lower(), new.name, hashed)
    return ShownUser.model_validate(row)


async def sign_in(
    username: Annotated[str, Form()], password: Annotated[str, Form()], request: Request
) -> dict:
    row = request.state.database.by_email(username.strip().lower())
    if not await request.state.hasher.check(password, row and row["hashed_password"]):
        raise NotSignedIn
    now = int(time.time())
    claims = {"sub": row["email"], "user_id": row["id"], "iat": now, "exp": now + SECONDS}
    return {
        "access_token": jwt.make(claims, KEY),
        "token_type": "bearer",
        "expires_in": SECONDS,
    }


async def read_me(request: Request, authorization: Annotated[str, Header()] = "") -> ShownUser:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn
    claims = jwt.read(token.strip(), KEY)
    row = request.state.database.by_id(str(claims.get("user_id")))
    if row is None:
        raise NotSignedIn
    return ShownUser.model_validate(dict(row))
