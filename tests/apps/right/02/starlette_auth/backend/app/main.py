import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.middleware.authentication import AuthenticationMiddleware

from app.api.auth import router
from app.config import config
from app.middleware.tokens import Bearer

log = logging.getLogger("uvicorn.error")


@asynccontextmanager
async def lifespan(_app: FastAPI):
    log.info("Taskboard is up")
    yield
    log.info("Taskboard is down")


app = FastAPI(title="Board", version="2", lifespan=lifespan)
app.add_middleware(AuthenticationMiddleware, backend=Bearer())
app.add_middleware(
    CORSMiddleware,
    allow_origins=config.origins,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
app.include_router(router)


@app.exception_handler(RequestValidationError)
async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
    return JSONResponse({"detail": [{"loc": e["loc"], "msg": e["msg"]} for e in error.errors()]}, 422)


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}
