import asyncio
import time
import uuid

import bcrypt
import jwt
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from psycopg.errors import UniqueViolation

from app import settings
from app.database import fetch
from app.middleware.auth import Me
from app.models.bodies import Register
from app.models.rows import User

router = APIRouter(prefix="/api/auth", tags=["auth"])
NOBODY = bcrypt.hashpw(b"nobody", bcrypt.gensalt(settings.ROUNDS))


@router.post("/register", status_code=201)
async def register(body: Register):
    salt = bcrypt.gensalt(settings.ROUNDS)
    hashed = await asyncio.to_thread(bcrypt.hashpw, body.password.encode(), salt)
    try:
        rows = await fetch(
            'insert into "user" (id, email, name, hashed_password)'
            " values (%(id)s, %(email)s, %(name)s, %(hashed)s) returning *",
            id=uuid.uuid4(),
            email=body.email,
            name=body.name,
            hashed=hashed.decode(),
        )
    except UniqueViolation:
        raise HTTPException(409, "Taken") from None
    return User(**rows[0]).show()


@router.post("/token")
async def sign_in(form: OAuth2PasswordRequestForm = Depends()):
    email = form.username.strip().lower().replace("\0", "")
    rows = await fetch('select * from "user" where email = %(email)s', email=email)
    hashed = rows[0]["hashed_password"].encode() if rows else NOBODY
    given = form.password.encode()
    fits = await asyncio.to_thread(bcrypt.checkpw, given[:72], hashed)
    if not rows or not fits or len(given) > 72:
        raise HTTPException(401, "Wrong", {"WWW-Authenticate": "Bearer"})
    now = int(time.time())
    claims = {"sub": email, "user_id": str(rows[0]["id"]), "iat": now}
    token = jwt.encode(claims | {"exp": now + settings.MINUTES * 60}, settings.SECRET, "HS256")
    return {"access_token": token, "token_type": "bearer", "expires_in": settings.MINUTES * 60}


@router.get("/me")
async def me(user: Me):
    return user.show()
