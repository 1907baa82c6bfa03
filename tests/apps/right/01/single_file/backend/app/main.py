import os
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def allowed_origins():
    raw = os.environ.get("CORS_ORIGINS", "http://localhost:3000")
    origins = [part.strip() for part in raw.split(",")]
    # "*" would make Starlette echo any origin, because we allow credentials
    return [origin for origin in origins if origin and origin != "*"]


@asynccontextmanager
async def lifespan(app: FastAPI):
    print("Taskboard is up")
    yield
    print("Taskboard is down")


app = FastAPI(title="My first board", version="0.1", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=allowed_origins(),
    allow_credentials=True,
    allow_methods=["GET", "POST", "PATCH", "DELETE"],
    allow_headers=["Authorization", "Content-Type"],
)


@app.get("/health")
def health():
    return {"status": "ok"}
