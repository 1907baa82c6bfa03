from types import TracebackType
from typing import Self

from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException

from app.api.health import HealthResource
from app.core.config import Config
from app.core.log import make_logger
from app.middleware.failures import Failures
from app.middleware.hosts import KnownHosts


class Life:
    """The lifespan as a context manager of its own."""

    def __init__(self, _app: FastAPI) -> None:
        self.logger = make_logger()

    async def __aenter__(self) -> None:
        self.logger.info("Taskboard is up and takes requests")

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.logger.info("Taskboard is down")


class Board(FastAPI):
    @classmethod
    def assemble(cls, config: Config) -> Self:
        failures = Failures("board")
        app = cls(
            title="Board",
            version="2026.11",
            lifespan=Life,
            middleware=[
                Middleware(
                    CORSMiddleware,
                    allow_origins=tuple(config.origins),
                    allow_credentials=True,
                    allow_methods=("*",),
                    allow_headers=("*",),
                    max_age=60,
                ),
                Middleware(KnownHosts, failures=failures),
            ],
            exception_handlers={HTTPException: failures.on_http, Exception: failures.on_crash},
        )
        app.include_router(HealthResource().router)
        return app


app = Board.assemble(Config.from_env())
