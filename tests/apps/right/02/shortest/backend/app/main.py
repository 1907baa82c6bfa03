from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

import bcrypt
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel, EmailStr, Field, field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings, hide_input_in_errors=True):
    better_auth_secret: bytes = Field(min_length=32)
    access_token_minutes: int = 60
    bcrypt_rounds: int = Field(12, ge=4)
    cors_origins: str = "http://localhost:3000"


class UserIn(BaseModel):
    email: EmailStr
    password: str = Field(min_length=8)
    name: str = ""

    @field_validator("email")
    def lower(cls, email):
        return email.lower()

    @field_validator("password")
    def limit(cls, password):
        assert len(password.encode()) <= 72, "72 bytes at most"
        return password


class UserOut(BaseModel):
    id: UUID = Field(default_factory=uuid4)
    email: str
    name: str
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


settings = Settings()
users: dict[str, tuple[UserOut, bytes]] = {}


@asynccontextmanager
async def lifespan(app):
    print("Taskboard is up", flush=True)
    yield
    print("Taskboard is down", flush=True)


app = FastAPI(title="Taskboard", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.cors_origins.replace("*", "").replace(" ", "").split(","),
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


def make_hash(password):
    return bcrypt.hashpw(password, bcrypt.gensalt(settings.bcrypt_rounds))


def get_user(token: Annotated[str, Depends(OAuth2PasswordBearer("/api/auth/token"))]):
    try:
        claims = jwt.decode(
            token, settings.better_auth_secret, ["HS256"], {"require": ["exp", "sub"]}
        )
        return users[claims["sub"]][0]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401, "Sign in", {"WWW-Authenticate": "Bearer"}) from None


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.post("/api/auth/register", status_code=201)
def register(new: UserIn) -> UserOut:
    made = UserOut(email=new.email, name=new.name), make_hash(new.password.encode())
    if users.setdefault(new.email, made) is not made:
        raise HTTPException(409, "Taken")
    return made[0]


@app.post("/api/auth/token")
def sign_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    password = form.password.encode()
    user, hashed = users.get(form.username.strip().lower(), (None, None))
    fits = bcrypt.checkpw(password[:72], hashed) if hashed else make_hash(b"") == password
    if not fits or len(password) > 72:
        raise HTTPException(401, "Wrong e-mail or password", {"WWW-Authenticate": "Bearer"})
    now, life = datetime.now(UTC), timedelta(minutes=settings.access_token_minutes)
    claims = {"sub": user.email, "user_id": str(user.id), "iat": now, "exp": now + life}
    token = jwt.encode(claims, settings.better_auth_secret, "HS256")
    return {"access_token": token, "token_type": "bearer", "expires_in": int(life.total_seconds())}


@app.get("/api/auth/me")
def me(user: Annotated[UserOut, Depends(get_user)]):
    return user
