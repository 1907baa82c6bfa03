from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import uuid4

import bcrypt
import jwt
import sqlalchemy as sa
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, EmailStr, Field, field_validator
from sqlalchemy.exc import IntegrityError

from app import settings
from app.middleware.who import Connection, Member
from app.models.tables import user

router = APIRouter(prefix="/api/auth")
DECOY = b"$2b$%02d$" % settings.ROUNDS + b"abcdefghijklmnopqrstuu" + b"." * 31


class Registration(BaseModel):
    email: EmailStr
    password: str = Field(min_length=8)
    name: str = Field("", max_length=200)

    @field_validator("email", mode="before")
    @classmethod
    def tidy(cls, value):
        return value.strip() if isinstance(value, str) else value

    @field_validator("password")
    @classmethod
    def bound(cls, value):
        if len(value.encode()) > 72 or "\0" in value:
            raise ValueError("72 bytes at most, and no NUL")
        return value

    @field_validator("name")
    @classmethod
    def drop_nul(cls, value):
        return value.replace("\0", "")


def show(row):
    return {name: row[name] for name in ("id", "email", "name", "created_at")}


@router.post("/register", status_code=201)
def register(new: Registration, db: Connection):
    row = {
        "id": uuid4(),
        "email": new.email,
        "name": new.name,
        "hashed_password": bcrypt.hashpw(new.password.encode(), bcrypt.gensalt(settings.ROUNDS)),
        "created_at": datetime.now(UTC),
    }
    try:
        db.execute(sa.insert(user).values(row))
    except IntegrityError as error:
        raise HTTPException(409, "This address has an account.") from error
    return show(row)


@router.post("/token")
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()], db: Connection):
    email = sa.func.lower(form.username.strip().replace("\0", ""))
    row = db.execute(sa.select(user).where(sa.func.lower(user.c.email) == email)).mappings().first()
    password = form.password.encode()
    fits = bcrypt.checkpw(password[:72], bytes(row["hashed_password"]) if row else DECOY)
    if not (row and fits and len(password) <= 72):
        raise HTTPException(401, "That is not right.", {"WWW-Authenticate": "Bearer"})
    now = datetime.now(UTC)
    claims = {
        "sub": row["email"],
        "user_id": str(row["id"]),
        "iat": now,
        "exp": now + timedelta(minutes=settings.MINUTES),
    }
    return {
        "access_token": jwt.encode(claims, settings.SECRET, "HS256"),
        "token_type": "bearer",
        "expires_in": settings.MINUTES * 60,
    }


@router.get("/me")
def me(who: Member):
    return show(who)
