import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID, uuid4

import bcrypt
import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import AfterValidator, EmailStr, StringConstraints
from pydantic_settings import BaseSettings
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as Exhausted
from sqlmodel import DateTime, Field, Relationship, Session, SQLModel, create_engine, desc, func, select


class Settings(BaseSettings, hide_input_in_errors=True):
    database_url: str = ""
    better_auth_secret: bytes = Field(min_length=32)
    access_token_minutes: int = 60
    bcrypt_rounds: int = Field(12, ge=4)
    cors_origins: str = "http://localhost:3000"


env = Settings()
driver = "postgresql+psycopg2://" + env.database_url.partition("://")[2]
args = {"connect_timeout": 2, "tcp_user_timeout": 2000, "options": "-c timezone=UTC"}
engine = create_engine(driver, pool_pre_ping=True, pool_size=25, pool_timeout=4, connect_args=args)


def refuse_long(password):
    if len(password.encode()) > 72:
        raise ValueError("72 bytes at most")
    return password


Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Title = Annotated[Text, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Email = Annotated[EmailStr, AfterValidator(str.lower)]
Status = Literal["pending", "in_progress", "completed"]
Time = {"sa_type": DateTime(timezone=True), "default_factory": lambda: datetime.now(UTC)}


class UserOut(SQLModel):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True)
    name: str = ""
    created_at: datetime = Field(**Time)


class User(UserOut, table=True):
    hashed_password: str
    tasks: list["Task"] = Relationship(back_populates="user", passive_deletes="all")


class UserIn(SQLModel):
    email: Email
    password: Annotated[str, StringConstraints(min_length=8), AfterValidator(refuse_long)]
    name: Text = ""


class TaskOut(SQLModel):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    title: str
    description: str | None = None
    status: str = "pending"
    created_at: datetime = Field(**Time)
    updated_at: datetime = Field(**Time)


class Task(TaskOut, table=True):
    user: User = Relationship(back_populates="tasks")


class TaskIn(SQLModel):
    title: Title
    description: Text | None = None
    status: Status = "pending"


class TaskChange(TaskIn):
    title: Title = ""


class Page(SQLModel):
    items: list[TaskOut]
    total: int


@asynccontextmanager
async def lifespan(app):
    print("Taskboard is up", flush=True)
    yield
    print("Taskboard is down", flush=True)


app = FastAPI(title="Short", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=[o.strip() for o in env.cors_origins.split(",") if o.strip() != "*"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


class Away(Exception):
    pass


@app.exception_handler(Away)
@app.exception_handler(OperationalError)
@app.exception_handler(Exhausted)
@app.exception_handler(TimeoutError)
async def away(request, error):
    return JSONResponse({"detail": "The database is away."}, 503)


def open_session():
    if not env.database_url:
        raise Away
    with Session(engine, expire_on_commit=False) as session:
        yield session


Db = Annotated[Session, Depends(open_session)]
CHALLENGE = {"WWW-Authenticate": "Bearer"}


def find_user(token: Annotated[str, Depends(OAuth2PasswordBearer("/api/auth/token"))], db: Db):
    try:
        claims = jwt.decode(token, env.better_auth_secret, ["HS256"], {"require": ["exp", "user_id"]})
        user = db.get(User, UUID(str(claims["user_id"])))
    except (jwt.InvalidTokenError, ValueError):
        user = None
    if not user:
        raise HTTPException(401, "Sign in", CHALLENGE)
    return user


Me = Annotated[User, Depends(find_user)]


def hash_password(password):
    return bcrypt.hashpw(password, bcrypt.gensalt(env.bcrypt_rounds)).decode()


NOBODY = hash_password(b"nobody")


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.get("/ready")
async def ready():
    def ask():
        for db in open_session():
            db.exec(select(1))

    await asyncio.wait_for(asyncio.to_thread(ask), 1.5)
    return {"status": "ok"}


@app.post("/api/auth/register", status_code=201, response_model=UserOut)
def register(new: UserIn, db: Db):
    user = User(email=new.email, name=new.name, hashed_password=hash_password(new.password.encode()))
    try:
        db.add(user)
        db.commit()
    except IntegrityError:
        raise HTTPException(409, "Taken") from None
    return user


@app.post("/api/auth/token")
def sign_in(form: Annotated[OAuth2PasswordRequestForm, Depends()], db: Db):
    email = form.username.strip().lower().replace("\0", "")
    user = db.exec(select(User).where(User.email == email)).first()
    given = form.password.encode()
    fits = bcrypt.checkpw(given[:72], (user.hashed_password if user else NOBODY).encode())
    if not (user and fits and len(given) <= 72):
        raise HTTPException(401, "Wrong", CHALLENGE)
    now, life = datetime.now(UTC), timedelta(minutes=env.access_token_minutes)
    claims = {"sub": user.email, "user_id": str(user.id), "iat": now, "exp": now + life}
    token = jwt.encode(claims, env.better_auth_secret, "HS256")
    return {"access_token": token, "token_type": "bearer", "expires_in": int(life.total_seconds())}


@app.get("/api/auth/me", response_model=UserOut)
def me(user: Me):
    return user


def find_task(id: UUID, user: Me, db: Db):
    if task := db.exec(select(Task).where(Task.id == id, Task.user_id == user.id)).first():
        return task
    raise HTTPException(404, "No such task")


Mine = Annotated[Task, Depends(find_task)]


@app.post("/api/tasks", status_code=201, response_model=TaskOut)
def add(new: TaskIn, user: Me, db: Db, response: Response):
    task = Task(user_id=user.id, **new.model_dump())
    db.add(task)
    db.commit()
    response.headers["Location"] = f"/api/tasks/{task.id}"
    return task


@app.get("/api/tasks")
def index(
    user: Me,
    db: Db,
    status: Status | None = None,
    limit: int = Query(50, ge=1, le=100),
    offset: int = Query(0, ge=0, le=10**9),
) -> Page:
    mine = select(Task).where(Task.user_id == user.id)
    if status:
        mine = mine.where(Task.status == status)
    page = db.exec(mine.order_by(desc(Task.created_at)).limit(limit).offset(offset)).all()
    return Page(items=page, total=db.exec(select(func.count()).select_from(mine.subquery())).one())


@app.get("/api/tasks/{id}", response_model=TaskOut)
def read(task: Mine):
    return task


@app.patch("/api/tasks/{id}", response_model=TaskOut)
def change(sent: TaskChange, task: Mine, db: Db):
    if fields := sent.model_dump(exclude_unset=True):
        task.sqlmodel_update(fields | {"updated_at": datetime.now(UTC)})
        db.commit()
    return task


@app.delete("/api/tasks/{id}", status_code=204)
def delete(task: Mine, db: Db):
    db.delete(task)
    db.commit()
