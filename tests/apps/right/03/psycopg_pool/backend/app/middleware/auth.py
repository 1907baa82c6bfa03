from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, HTTPException, Request

from app import settings
from app.database import fetch
from app.models.rows import User


async def get_current_user(request: Request) -> User:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise ValueError(scheme)
        options = {"require": ["exp", "user_id"]}
        claims = jwt.decode(token, settings.SECRET, algorithms=["HS256"], options=options)
        user_id = UUID(claims["user_id"])
    except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError):
        user_id = None
    rows = await fetch('select * from "user" where id = %(id)s', id=user_id) if user_id else []
    if not rows:
        raise HTTPException(401, "Not signed in", {"WWW-Authenticate": "Bearer"})
    return User(**rows[0])


Me = Annotated[User, Depends(get_current_user)]
