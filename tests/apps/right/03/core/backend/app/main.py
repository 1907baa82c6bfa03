import asyncio
import contextlib
import logging

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from app import settings
from app.api import accounts, tasks
from app.db import HANDLERS, engine

settings.check()
logging.basicConfig(level=logging.INFO)


@contextlib.asynccontextmanager
async def lifespan(_app):
    logging.info("Taskboard is up")
    yield
    logging.info("Taskboard is down")


def invalid(_request, error):
    return JSONResponse({"detail": "; ".join(e["msg"] for e in error.errors())}, 422)


app = FastAPI(
    title="Core",
    lifespan=lifespan,
    exception_handlers={RequestValidationError: invalid, **HANDLERS},
)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.ORIGINS,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
app.include_router(accounts.router)
app.include_router(tasks.router)


@app.get("/health")
def health():
    return {"status": "ok"}


def ask():
    with engine().connect() as connection:
        connection.execute(sa.text("select 1"))


@app.get("/ready")
async def ready():
    await asyncio.wait_for(asyncio.to_thread(ask), 1.5)
    return {"status": "ready"}
