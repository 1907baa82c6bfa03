from typing import Annotated
from uuid import UUID

import jwt
import sqlalchemy as sa
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app import settings
from app.db import transaction
from app.models.tables import user

Connection = Annotated[sa.Connection, Depends(transaction, scope="function")]
Header = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def member(header: Header, db: Connection):
    try:
        claims = jwt.decode(
            header.credentials if header else "",
            settings.SECRET,
            algorithms=["HS256"],
            options={"require": ["exp", "iat", "sub"]},
        )
        found = db.execute(sa.select(user).where(user.c.id == UUID(str(claims.get("user_id")))))
        if row := found.mappings().one_or_none():
            return row
    except (jwt.PyJWTError, ValueError):
        pass
    raise HTTPException(401, "Who are you?", {"WWW-Authenticate": "Bearer"})


Member = Annotated[sa.RowMapping, Depends(member)]
