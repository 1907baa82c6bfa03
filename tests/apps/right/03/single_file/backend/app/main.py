import asyncio
import os
import sys
import time
from contextlib import asynccontextmanager, closing
from datetime import datetime, timezone
from functools import cache
from typing import Annotated, Literal, Optional
from uuid import UUID, uuid4

import bcrypt
import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel, StringConstraints, field_validator
from sqlalchemy import DateTime, create_engine, text
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlmodel import Field, SQLModel

TABLES = {"user", "task"}
Status = Literal["pending", "in_progress", "completed"]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]  # PostgreSQL keeps no NUL


def read_settings():
    env = os.environ
    if len(env.get("BETTER_AUTH_SECRET", "").encode()) < 32:
        sys.exit("BETTER_AUTH_SECRET is missing or shorter than 32 bytes")
    rounds = int(env.get("BCRYPT_ROUNDS", "12"))
    if rounds < 4:
        sys.exit("BCRYPT_ROUNDS is below 4")
    return {
        "secret": env["BETTER_AUTH_SECRET"],
        "rounds": rounds,
        "minutes": int(env.get("ACCESS_TOKEN_MINUTES", "60")),
        "origins": [
            origin.strip()
            for origin in env.get("CORS_ORIGINS", "http://localhost:3000").split(",")
            if origin.strip() not in ("", "*")
        ],
        "database": env.get("DATABASE_URL"),
    }


# ------------------------------------------------------------------ tables


class User(SQLModel, table=True):
    id: str = Field(primary_key=True, max_length=36)
    email: str = Field(unique=True, index=True)
    name: Optional[str]
    hashed_password: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class Task(SQLModel, table=True):
    id: str = Field(primary_key=True, max_length=36)
    user_id: str = Field(foreign_key="user.id", ondelete="CASCADE", index=True, max_length=36)
    title: str
    description: Optional[str]
    status: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))


@cache
def connect_to(url):
    return create_engine(
        "postgresql+psycopg2" + url[url.index("://") :],
        pool_pre_ping=True,
        pool_size=10,
        connect_args={
            "connect_timeout": 2,
            "tcp_user_timeout": 2000,
            "options": "-c timezone=UTC",
        },
    )


# ------------------------------------------------------------------ the app


@asynccontextmanager
async def lifespan(app):
    print("Taskboard is up")
    yield
    print("Taskboard is down")


settings = read_settings()
app = FastAPI(title="All in one", version="3.0", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings["origins"],
    allow_credentials=True,
    allow_methods=["GET", "POST", "PATCH", "DELETE"],
    allow_headers=["Authorization", "Content-Type"],
)


class Away(Exception):
    pass


@app.exception_handler(Away)
@app.exception_handler(OperationalError)
@app.exception_handler(InterfaceError)
@app.exception_handler(NoConnectionLeft)
def say_away(request, error):
    detail = "Our storage is away. Try again soon; write to support if it stays away."
    return JSONResponse({"detail": detail}, 503)


@app.exception_handler(RequestValidationError)
def say_invalid(request, error):
    fields = (f"{e['loc'][-1]}: {e['msg']}" for e in error.errors())
    return JSONResponse({"detail": "; ".join(fields)}, 422)


def database():
    if not settings["database"]:
        raise Away
    with closing(connect_to(settings["database"]).connect()) as connection:
        yield connection


def now():
    return datetime.now(timezone.utc)


@app.get("/health")
def health():
    return {"status": "ok", "at": time.time()}


def ask():
    for db in database():
        db.execute(text("select 1"))


@app.get("/ready")
async def ready():
    done, _ = await asyncio.wait([asyncio.create_task(asyncio.to_thread(ask))], timeout=1.9)
    if not done:
        raise Away
    done.pop().result()
    return {"status": "ready"}


# ------------------------------------------------------------------ users


class NewUser(BaseModel):
    email: Text
    password: Text
    name: Optional[Text] = None

    @field_validator("email")
    @classmethod
    def check_email(cls, value):
        value = value.strip()
        local, _, domain = value.rpartition("@")
        if not local or "." not in domain:
            raise ValueError("not an e-mail address")
        return value.lower()

    @field_validator("password")
    @classmethod
    def check_password(cls, value):
        if len(value) < 8 or len(value.encode()) > 72:
            raise ValueError("8 characters to 72 bytes")
        return value


def show_user(row):
    return {name: row[name] for name in ("id", "email", "name", "created_at")}


@app.post("/api/auth/register", status_code=201)
def register(new: NewUser, db=Depends(database)):
    hashed = bcrypt.hashpw(new.password.encode(), bcrypt.gensalt(settings["rounds"])).decode()
    row = {"id": str(uuid4()), "email": new.email, "name": new.name, "hashed": hashed, "at": now()}
    try:
        db.execute(
            text('insert into "user" values (:id, :email, :name, :hashed, :at)'),
            row,
        )
        db.commit()
    except IntegrityError:
        raise HTTPException(409, "taken")
    return {"id": row["id"], "email": new.email, "name": new.name, "created_at": row["at"]}


@cache
def nobody():
    return bcrypt.hashpw(b"nobody", bcrypt.gensalt(settings["rounds"]))


@app.post("/api/auth/token")
def token(form: OAuth2PasswordRequestForm = Depends(), db=Depends(database)):
    email = form.username.strip().lower().replace("\0", "?")
    row = db.execute(text('select * from "user" where email = :email'), {"email": email})
    user = row.mappings().first()
    stored = user["hashed_password"].encode() if user else nobody()
    given = form.password.encode()
    if not bcrypt.checkpw(given[:72], stored) or len(given) > 72 or not user:
        raise HTTPException(401, "no", {"WWW-Authenticate": "Bearer"})
    start = int(time.time())
    seconds = 60 * settings["minutes"]
    claims = {"sub": user["email"], "user_id": user["id"], "iat": start, "exp": start + seconds}
    return {
        "access_token": jwt.encode(claims, settings["secret"], "HS256"),
        "token_type": "bearer",
        "expires_in": seconds,
    }


def who(token=Depends(OAuth2PasswordBearer("/api/auth/token")), db=Depends(database)):
    try:
        claims = jwt.decode(
            token, settings["secret"], ["HS256"], options={"require": ["exp", "user_id"]}
        )
        user_id = str(UUID(claims["user_id"]))
    except (jwt.InvalidTokenError, ValueError, AttributeError):
        raise HTTPException(401, "no", {"WWW-Authenticate": "Bearer"})
    row = db.execute(text('select * from "user" where id = :id'), {"id": user_id}).mappings().first()
    if not row:
        raise HTTPException(401, "no", {"WWW-Authenticate": "Bearer"})
    return row


@app.get("/api/auth/me")
def me(user=Depends(who)):
    return show_user(user)


# ------------------------------------------------------------------ tasks


class TaskFields(BaseModel):
    title: Text = ""
    description: Optional[Text] = None
    status: Status = "pending"

    @field_validator("title")
    @classmethod
    def check_title(cls, value):
        if not value.strip() or len(value) > 200:
            raise ValueError("1 to 200 characters")
        return value


class NewTask(TaskFields):
    title: Text


def show_task(request, row):
    here = str(request.base_url).rstrip("/") + f"/api/tasks/{row['id']}"
    return dict(row) | {"links": {"self": here}, "answered_at": now()}


def one_task(id: UUID, db=Depends(database), user=Depends(who)):
    row = db.execute(
        text("select * from task where id = :id and user_id = :user_id"),
        {"id": str(id), "user_id": user["id"]},
    )
    task = row.mappings().first()
    if task is None:
        raise HTTPException(404, f"You have no task {id}.")
    return task


@app.post("/api/tasks", status_code=201)
def add(new: NewTask, request: Request, response: Response, db=Depends(database), user=Depends(who)):
    row = db.execute(
        text(
            "insert into task (id, user_id, title, description, status, created_at, updated_at)"
            " values (:id, :user_id, :title, :description, :status, :at, :at) returning *"
        ),
        {"id": str(uuid4()), "user_id": user["id"], "at": now()} | new.model_dump(),
    )
    task = show_task(request, row.mappings().one())
    db.commit()
    response.headers["Location"] = task["links"]["self"]
    return task


@app.get("/api/tasks")
def tasks(
    status: Optional[Status] = None,
    limit: int = Query(50, ge=1, le=100),
    offset: int = Query(0, ge=0, le=10**9),
    db=Depends(database),
    user=Depends(who),
):
    where = "where user_id = :user_id" + (" and status = :status" if status else "")
    values = {"user_id": user["id"], "status": status, "limit": limit, "offset": offset}
    page = f"select * from task {where} order by created_at desc limit :limit offset :offset"
    return {
        "items": [dict(row) for row in db.execute(text(page), values).mappings()],
        "total": db.execute(text(f"select count(*) from task {where}"), values).scalar(),
        "limit": limit,
        "offset": offset,
    }


@app.get("/api/tasks/{id}")
def read(request: Request, task=Depends(one_task)):
    return show_task(request, task)


@app.patch("/api/tasks/{id}")
def change(new: TaskFields, request: Request, task=Depends(one_task), db=Depends(database)):
    sent = new.model_dump(exclude_unset=True)
    if sent:
        columns = ", ".join(f"{name} = :{name}" for name in sent)
        row = db.execute(
            text(f"update task set {columns}, updated_at = :at where id = :id returning *"),
            sent | {"id": task["id"], "at": now()},
        )
        task = row.mappings().one()
        db.commit()
    return show_task(request, task)


@app.delete("/api/tasks/{id}", status_code=204)
def delete(task=Depends(one_task), db=Depends(database)):
    db.execute(text("delete from task where id = :id"), {"id": task["id"]})
    db.commit()
