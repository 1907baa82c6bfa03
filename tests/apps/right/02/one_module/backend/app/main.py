import asyncio
import os
import sys
import time
import uuid
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import bcrypt
import jwt
from fastapi import FastAPI, Form, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware

# --- settings ---------------------------------------------------------------------------------


def read_number(name, default, lowest):
    try:
        number = int(os.environ.get(name, default))
    except ValueError:
        sys.exit(f"{name} must be a number")
    if number < lowest:
        sys.exit(f"{name} must be {lowest} or more")
    return number


def read_secret(name):
    key = os.environ.get(name, "").encode()
    if len(key) < 32:
        sys.exit(f"{name} must be set, to 32 bytes or more (it has {len(key)})")
    return key


KEY = read_secret("BETTER_AUTH_SECRET")
MINUTES = read_number("ACCESS_TOKEN_MINUTES", 60, 1)
ROUNDS = read_number("BCRYPT_ROUNDS", 12, 4)
ORIGINS = [o.strip() for o in os.environ.get("CORS_ORIGINS", "http://localhost:3000").split(",")]
if "*" in ORIGINS:
    sys.exit("CORS_ORIGINS: list the origins, * is not allowed here")

# --- state ------------------------------------------------------------------------------------

users = {}  # id -> user
ids = {}  # e-mail, normalised -> id
lock = asyncio.Lock()
decoy = None


@asynccontextmanager
async def lifespan(app):
    global decoy
    decoy = await asyncio.to_thread(bcrypt.hashpw, os.urandom(16).hex().encode(), make_salt())
    print("Taskboard is up", flush=True)
    yield
    print("Taskboard is down", flush=True)


app = FastAPI(title="Taskboard", version="2", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=ORIGINS,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)

# --- small parts ------------------------------------------------------------------------------


def make_salt():
    return bcrypt.gensalt(ROUNDS)


def fail(status, detail):
    raise HTTPException(status, detail, {"WWW-Authenticate": "Bearer"} if status == 401 else None)


def read_text(body, name, default=None):
    value = body.get(name, default)
    try:
        value.encode()
    except (AttributeError, UnicodeEncodeError):
        fail(422, f"{name} must be a text")
    return value


def clean_email(value):
    local, at, domain = value.strip().lower().rpartition("@")
    if not local or not at or not domain or any(c.isspace() for c in local + domain):
        fail(422, "email must look like name@example.com")
    return f"{local}@{domain}"


def check_password(value):
    if len(value) < 8:
        fail(422, "password is too short, 8 characters at least")
    if len(value.encode()) > 72:
        fail(422, "password is too long, 72 bytes at most")
    return value


def show(user):
    return {key: user[key] for key in ("id", "email", "name", "created_at")}


async def read_body(request):
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        fail(422, "the body must be JSON")
    if not isinstance(body, dict):
        fail(422, "the body must be a JSON object")
    return body


# --- routes -----------------------------------------------------------------------------------


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.post("/api/auth/register", status_code=201)
async def register(request: Request):
    body = await read_body(request)
    email = clean_email(read_text(body, "email"))
    password = check_password(read_text(body, "password"))
    name = read_text(body, "name", "")
    hashed = await asyncio.to_thread(bcrypt.hashpw, password.encode(), make_salt())
    async with lock:
        if email in ids:
            fail(409, "this e-mail is taken")
        user = {
            "id": str(uuid.uuid4()),
            "email": email,
            "name": name,
            "hash": hashed,
            "created_at": datetime.now(UTC).isoformat(),
        }
        users[user["id"]] = user
        ids[email] = user["id"]
    return show(user)


@app.post("/api/auth/token")
async def token(response: Response, username: str = Form(), password: str = Form()):
    user = users.get(ids.get(username.strip().lower()))
    plain = password.encode()
    fits = await asyncio.to_thread(bcrypt.checkpw, plain[:72], user["hash"] if user else decoy)
    if not user or not fits or len(plain) > 72:
        fail(401, "wrong e-mail or password")
    now = int(time.time())
    claims = {
        "sub": user["email"],
        "user_id": user["id"],
        "iat": now,
        "exp": now + MINUTES * 60,
    }
    response.headers["Cache-Control"] = "no-store"
    return {
        "access_token": jwt.encode(claims, KEY, "HS256"),
        "token_type": "bearer",
        "expires_in": MINUTES * 60,
    }


@app.get("/api/auth/me")
async def me(request: Request):
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        fail(401, "sign in first")
    try:
        claims = jwt.decode(value, KEY, ["HS256"], {"require": ["exp", "user_id"]})
    except jwt.PyJWTError:
        fail(401, "sign in again")
    user = users.get(str(claims["user_id"]))
    if not user:
        fail(401, "sign in again")
    return show(user)
