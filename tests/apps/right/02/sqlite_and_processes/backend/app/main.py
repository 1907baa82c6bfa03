import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from app.api import auth
from app.core.database import Database
from app.core.hashing import Hasher
from app.core.settings import settings
from app.middleware.handlers import HANDLERS

log = logging.getLogger("uvicorn.error")


@asynccontextmanager
async def lifespan(_):
    hasher = Hasher(settings.BCRYPT_ROUNDS)
    log.info("Taskboard is up")
    yield {"hasher": hasher, "database": Database()}
    hasher.close()
    log.info("Taskboard is down")


async def health() -> dict:
    return {"status": "ok"}


cors = Middleware(
    CORSMiddleware,
    allow_origins=settings.origins,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
app = FastAPI(title="Taskboard", lifespan=lifespan, middleware=[cors], exception_handlers=HANDLERS)
app.get("/health")(health)
app.post("/api/auth/register", status_code=201)(auth.register)
app.post("/api/auth/token")(auth.sign_in)
app.get("/api/auth/me")(auth.read_me)
