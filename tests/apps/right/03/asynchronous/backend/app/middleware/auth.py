from datetime import timedelta
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, Header, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import get_config
from app.db.engine import get_db
from app.models.tables import User, utc

Db = Annotated[AsyncSession, Depends(get_db)]


def sign(user: User) -> str:
    config, start = get_config(), utc()
    end = start + timedelta(minutes=config.access_token_minutes)
    claims = {"sub": user.email, "user_id": user.id, "iat": start, "exp": end}
    return jwt.encode(claims, config.better_auth_secret, "HS256")


def refuse() -> HTTPException:
    return HTTPException(401, "sign in first", {"WWW-Authenticate": 'Bearer realm="taskboard"'})


async def get_current_user(db: Db, authorization: Annotated[str | None, Header()] = None) -> User:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise refuse()
    try:
        claims = jwt.decode(
            token, get_config().better_auth_secret, algorithms=["HS256"], options={"require": ["exp"]}
        )
        user = await db.get(User, str(UUID(str(claims.get("user_id")))))
    except (jwt.InvalidTokenError, ValueError):
        raise refuse() from None
    if user is None:
        raise refuse()
    return user


Me = Annotated[User, Depends(get_current_user)]
