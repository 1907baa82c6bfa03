"""Build the application: middleware, error handling and routes."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.api import router
# course: since 5
from app.middleware.chat import add_chat_handlers
# course: end
from app.middleware.errors import CrashMiddleware, add_error_handlers
from app.middleware.request_id import RequestIdMiddleware
# course: since 3
from app.middleware.storage import add_storage_handlers
# course: end
from app.settings import Settings, get_settings

logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(name)s: %(message)s")
logger = logging.getLogger("taskboard")


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Run once around the life of the process: set up, serve, clean up."""
    # course: task L1.5
    logger.info("Taskboard is up")
    yield
    logger.info("Taskboard is down")
    # course: stub
    #|    # TODO L1.5: log "Taskboard is up" before the yield and "Taskboard is down" after it.
    #|    yield
    # course: end


def create_app(settings: Settings) -> FastAPI:
    """Put the application together; the middleware added last sees a request first."""
    # course: task L1.2
    app = FastAPI(title="Taskboard API", version="1.0.0", lifespan=lifespan)
    # course: stub
    #|    # TODO L1.2: give the API a title and a version of its own.
    #|    app = FastAPI(lifespan=lifespan)
    # course: end
    add_error_handlers(app)
    # course: since 3
    add_storage_handlers(app)
    # course: end
    # course: since 5
    add_chat_handlers(app)
    # course: end
    app.add_middleware(CrashMiddleware)
    # course: task L1.3
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
    )
    # course: stub
    #|    # TODO L1.3: add CORSMiddleware. It lets in settings.cors_origins, with credentials.
    # course: end
    app.add_middleware(RequestIdMiddleware)
    app.include_router(router)
    return app


app = create_app(get_settings())
