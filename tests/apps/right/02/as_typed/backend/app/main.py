import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from app.api.auth import router
from app.domain.passwords import threads
from app.settings import ORIGINS

logging.basicConfig(format="%(message)s", level="INFO")


@asynccontextmanager
async def lifespan(app: FastAPI):
    logging.info("Taskboard is up")
    yield
    threads.shutdown()
    logging.info("Taskboard is down")


app = FastAPI(title="Taskboard", version="2", lifespan=lifespan)
app.include_router(router)
app.add_middleware(
    CORSMiddleware,
    allow_origins=ORIGINS,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


@app.exception_handler(RequestValidationError)
async def name_the_fields(request: Request, error: RequestValidationError):
    fields = sorted({str(e["loc"][-1]) for e in error.errors()})
    return JSONResponse({"detail": f"Please look again at: {', '.join(fields)}."}, 422)


@app.get("/health")
async def health():
    return {"status": "ok", "app": app.title}
