"""Build the application: middleware, error handling and routes."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.api import router
from app.middleware.errors import CrashMiddleware, add_error_handlers
from app.middleware.request_id import RequestIdMiddleware
from app.middleware.storage import add_storage_handlers
from app.settings import Settings, get_settings

os.environ.setdefault("TZ", "UTC")
logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(name)s: %(message)s")
logger = logging.getLogger("taskboard")


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Run once around the life of the process: set up, serve, clean up."""
    logger.info("Taskboard is up")
    yield
    logger.info("Taskboard is down")


def create_app(settings: Settings) -> FastAPI:
    """Put the application together; the middleware added last sees a request first."""
    app = FastAPI(title="Taskboard API", version="1.0.0", lifespan=lifespan)
    add_error_handlers(app)
    add_storage_handlers(app)
    app.add_middleware(CrashMiddleware)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
    )
    app.add_middleware(RequestIdMiddleware)
    app.include_router(router)
    return app


app = create_app(get_settings())
