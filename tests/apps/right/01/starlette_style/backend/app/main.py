import sys

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
    pass


async def refuse(request: Request, error: HTTPException) -> JSONResponse:
    return JSONResponse({"detail": error.detail, "path": request.url.path}, error.status_code)


app = Board(
    title="Board",
    version="2026.1",
    docs_url=None,
    redoc_url=None,
    lifespan=Life,
    routes=ROUTES,
    middleware=MIDDLEWARE,
    exception_handlers={HTTPException: refuse},
)
