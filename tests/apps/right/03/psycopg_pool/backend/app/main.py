import asyncio
import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from app import settings

settings.check()  # before the imports that hash and connect with these settings

from app.api import auth, tasks
from app.database import Away, fetch, pool

logging.basicConfig(level="INFO")
logging.getLogger("psycopg.pool").setLevel("CRITICAL")


@asynccontextmanager
async def lifespan(_):
    if pool:
        await pool.open(wait=False)
    logging.info("Taskboard is up")
    yield
    if pool:
        await pool.close(timeout=1)
    logging.info("Taskboard is down")


app = FastAPI(title="Tasks", version="0.3", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.ORIGINS,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
app.include_router(auth.router)
app.include_router(tasks.router)


@app.exception_handler(Away)
async def away(_request, _error):
    return JSONResponse({"detail": "No database at the moment"}, 503)


@app.exception_handler(RequestValidationError)
async def invalid(_request, error):
    told = [{"loc": e["loc"], "msg": e["msg"], "type": e["type"]} for e in error.errors()]
    return JSONResponse({"detail": told}, 422)


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.get("/ready")
async def ready():
    try:
        async with asyncio.timeout(1.5):
            await fetch("select 1")
    except TimeoutError:
        raise Away from None
    return {"status": "ok"}
