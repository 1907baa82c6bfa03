import asyncio
import logging
import sys
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.api import auth, tasks
from app.config import get_config
from app.db.engine import NoDatabase, open_engine
from app.middleware.auth import Db

logging.basicConfig(level="INFO", stream=sys.stdout)
log = logging.getLogger(__name__)
AWAY = ("08", "53", "57")  # no connection, too many of them, starting up or shutting down

if len(get_config().better_auth_secret.encode()) < 32:
    sys.exit("BETTER_AUTH_SECRET: 32 bytes or more, please")


@asynccontextmanager
async def lifespan(_app):
    log.info("Taskboard is up")
    yield
    if engine := open_engine():
        await engine.dispose()
    log.info("Taskboard is down")


app = FastAPI(title="Asynchronous board", version="3", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=get_config().origins,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


async def unavailable(_request, error):
    log.warning("database: %s", type(error).__name__)
    return JSONResponse({"detail": "The database sleeps."}, 503, {"Retry-After": "3"})


# asyncpg's own "connection refused" is an OSError
for kind in (NoDatabase, OSError, TimeoutError, PoolTimeout):
    app.add_exception_handler(kind, unavailable)


@app.exception_handler(DBAPIError)
async def away_or_broken(request, error):
    """What asyncpg says SQLAlchemy wraps in one class: the SQLSTATE tells whether it is away."""
    if (error.orig.sqlstate or "08").startswith(AWAY):
        return await unavailable(request, error)
    raise error


@app.exception_handler(RequestValidationError)
async def invalid(_request, error):
    return JSONResponse({"detail": [{"loc": e["loc"], "msg": e["msg"]} for e in error.errors()]}, 422)


app.include_router(auth.router)
app.include_router(tasks.router)


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.get("/ready")
async def ready(db: Db):
    async with asyncio.timeout(1.6):
        await db.execute(text("SELECT 1"))
    return {"status": "ok"}
