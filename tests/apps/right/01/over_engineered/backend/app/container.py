from contextlib import asynccontextmanager
from functools import cached_property

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.adapters.log import LogListener
from app.adapters.probes import Liveness
from app.api.health import HealthController
from app.config import ProcessEnvironment
from app.domain.cors import CorsPolicy
from app.domain.ports import Listener


class Container:
    @cached_property
    def cors(self) -> CorsPolicy:
        return CorsPolicy.load(ProcessEnvironment())

    @cached_property
    def listeners(self) -> list[Listener]:
        return [LogListener()]

    @cached_property
    def controllers(self) -> list[HealthController]:
        return [HealthController([Liveness()])]

    def publish(self, event: str) -> None:
        for listener in self.listeners:
            listener.on_event(event)

    @asynccontextmanager
    async def live(self, app: FastAPI):
        self.publish("startup")
        try:
            yield {"container": self}
        finally:
            self.publish("shutdown")

    def build(self) -> FastAPI:
        app = FastAPI(title="Taskboard, enterprise edition", version="1.0.0-rc.1", lifespan=self.live)
        app.add_middleware(
            CORSMiddleware,
            allow_origins=self.cors.origins,
            allow_credentials=True,
            allow_methods=["*"],
            allow_headers=["*"],
        )
        for controller in self.controllers:
            app.include_router(controller.router)
        return app
