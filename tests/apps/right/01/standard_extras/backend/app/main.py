import logging
import logging.config
import time
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware

from app.api.v1 import system
from app.config import config
from app.config.logs import LOGS

logging.config.dictConfig(LOGS)
log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with AsyncExitStack() as stack:
        stack.callback(log.info, "%s is down", app.title)
        log.info("%s is up", app.title)
        yield


def build() -> FastAPI:
    app = FastAPI(title="Taskboard", version="0.1.0", lifespan=lifespan)

    @app.middleware("http")
    async def measure(request: Request, call_next):
        started = time.perf_counter()
        response = await call_next(request)
        response.headers["Server-Timing"] = f"app;dur={(time.perf_counter() - started) * 1000:.1f}"
        return response

    app.add_middleware(
        CORSMiddleware,
        allow_origins=config.origins,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
    )
    app.include_router(system.router)
    return app


app = build()
