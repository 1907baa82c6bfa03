from fastapi import APIRouter

from app.models.state import HealthOut


class HealthResource:
    def __init__(self) -> None:
        self.router = APIRouter()
        self.router.add_api_route("/health", self.read, methods=["GET", "HEAD"])

    async def read(self) -> HealthOut:
        return HealthOut()
