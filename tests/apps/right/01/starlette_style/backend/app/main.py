import sys
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from app.api import ROUTES
from app.middleware import MIDDLEWARE


class Life:
    def __init__(self, app: FastAPI) -> None:
        self.title = app.title

    async def __aenter__(self) -> None:
        sys.stderr.write("Taskboard is up\n")

    async def __aexit__(self, *exc_info: object) -> None:
        sys.stderr.write("Taskboard is down\n")


class Board(FastAPI):
    """An API without pages about itself: openapi.json is all."""

    def __init__(self, **options: Any) -> None:
        super().__init__(docs_url=None, redoc_url=None, **options)


async def refuse(request: Request, error: HTTPException) -> JSONResponse:
    body = {"detail": error.detail, "path": request.url.path}
    return JSONResponse(body, error.status_code, error.headers)


app = Board(
    title="Board",
    version="2026.1",
    lifespan=Life,
    routes=ROUTES,
    middleware=MIDDLEWARE,
    exception_handlers={HTTPException: refuse},
)
