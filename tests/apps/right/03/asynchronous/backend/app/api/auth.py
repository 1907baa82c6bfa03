import asyncio
from functools import lru_cache
from typing import Annotated

import bcrypt
from fastapi import APIRouter, Form, HTTPException
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.config import get_config
from app.middleware.auth import Db, Me, sign
from app.models.schemas import Registration, UserOut
from app.models.tables import User

router = APIRouter(prefix="/api/auth")


def hash_password(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(get_config().bcrypt_rounds)).decode()


@lru_cache
def stand_in() -> str:
    return hash_password("nobody has this")


@router.post("/register", status_code=201)
async def register(new: Registration, db: Db) -> UserOut:
    hashed = await asyncio.to_thread(hash_password, new.password)
    user = User(email=new.email.strip(), name=new.name, hashed_password=hashed)
    try:
        db.add(user)
        await db.commit()
    except IntegrityError:
        await db.rollback()
        raise HTTPException(409, "that address is taken") from None
    return UserOut.model_validate(user)


@router.post("/token")
async def token(username: Annotated[str, Form()], password: Annotated[str, Form()], db: Db):
    name = username.strip().replace("\x00", "\ufffd")
    query = select(User).where(User.email_key == func.lower(name))
    user = await db.scalar(query)
    stored = user.hashed_password if user else await asyncio.to_thread(stand_in)
    given = password.encode()
    right = await asyncio.to_thread(bcrypt.checkpw, given[:72], stored.encode())
    if not user or not right or len(given) > 72:
        raise HTTPException(401, "wrong e-mail or password", {"WWW-Authenticate": "Bearer"})
    seconds = get_config().access_token_minutes * 60
    return {"access_token": sign(user), "token_type": "bearer", "expires_in": seconds}


@router.get("/me")
async def me(user: Me) -> UserOut:
    return UserOut.model_validate(user)
