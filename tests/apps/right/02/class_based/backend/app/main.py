from __future__ import annotations

import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from app.api.accounts import AccountRoutes
from app.config import Config
from app.middleware.errors import ErrorsToAnswers
from app.repositories.users import MemoryUserRepository
from app.services.accounts import AccountService
from app.services.tokens import TokenService


class Application:
    """Wires the parts together."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.tokens = TokenService(config.secret, config.lifetime)
        self.accounts = AccountService(MemoryUserRepository(), self.tokens, config.rounds)
        self.log = logging.getLogger("taskboard")

    @asynccontextmanager
    async def lifespan(self, _: FastAPI):
        self.accounts.warm_up()
        self.log.info("Taskboard is up")
        try:
            yield
        finally:
            self.log.info("Taskboard is down")

    def build(self) -> FastAPI:
        app = FastAPI(title="Taskboard", version="2.0", lifespan=self.lifespan)
        app.add_middleware(ErrorsToAnswers)
        app.add_middleware(
            CORSMiddleware,
            allow_origins=self.config.origins,
            allow_credentials=True,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type"],
        )
        app.add_api_route("/health", lambda: JSONResponse({"status": "ok"}))
        AccountRoutes(self.accounts).mount(app, "/api/auth")
        return app


logging.basicConfig(level=logging.INFO)
app = Application(Config.load()).build()
