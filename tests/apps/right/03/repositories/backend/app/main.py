import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from app.api.accounts import AccountsApi
from app.api.tasks import Missing, TasksApi
from app.configuration import Configuration
from app.middleware.context import Passwords, Tokens
from app.storage.database import Database, StorageAway


class Board(FastAPI):
    def __init__(self, configuration: Configuration) -> None:
        super().__init__(title="Board of repositories", version="3.1", lifespan=self.live)
        configuration.validate()
        self.state.database = Database(configuration.database_url)
        self.state.passwords = Passwords(configuration.rounds)
        self.state.tokens = Tokens(configuration)
        self.add_middleware(
            CORSMiddleware,
            allow_origins=configuration.origins,
            allow_credentials=True,
            allow_methods=["*"],
            allow_headers=["*"],
        )
        self.add_exception_handler(Missing, self.missing)
        self.add_exception_handler(StorageAway, self.away)
        self.add_exception_handler(RequestValidationError, self.invalid)
        self.include_router(AccountsApi().router)
        self.include_router(TasksApi().router)
        self.add_api_route("/health", self.health)
        self.add_api_route("/ready", self.ready)

    @staticmethod
    @asynccontextmanager
    async def live(app):
        app.state.database.demand_tables()
        print("Taskboard is up", flush=True)
        yield
        if app.state.database.engine:
            app.state.database.engine.dispose()
        print("Taskboard is down", flush=True)

    async def missing(self, _request, error):
        return JSONResponse({"detail": "Not Found", "task": str(error.task_id)}, 404)

    async def away(self, _request, _error):
        return JSONResponse({"detail": "away"}, 503)

    async def invalid(self, _request, error):
        fields = [{key: e[key] for key in ("loc", "msg", "type")} for e in error.errors()]
        return JSONResponse({"detail": fields}, 422)

    async def health(self):
        return {"status": "ok"}

    async def ready(self):
        try:
            await asyncio.wait_for(asyncio.to_thread(self.state.database.ping), 1.5)
        except TimeoutError:
            raise StorageAway from None
        return {"status": "ok"}


app = Board(Configuration.read())
