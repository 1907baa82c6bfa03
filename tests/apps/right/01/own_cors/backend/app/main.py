import sys
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from .api import routes
from .env import ORIGINS
from .middleware.cors import Cors
from .middleware.problems import answer_problem


@asynccontextmanager
async def life(_):
    sys.stderr.write("Taskboard is up\n")
    try:
        yield {"ready": True}
    finally:
        sys.stderr.write("Taskboard is down\n")


api = FastAPI(title="taskboard", version="v1", lifespan=life)
api.exception_handler(HTTPException)(answer_problem)
routes.install(api)

# uvicorn runs what is named app: the API with its doorkeeper in front
app = Cors(api, ORIGINS)
