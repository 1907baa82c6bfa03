from collections import ChainMap
from collections.abc import Sequence

from fastapi import APIRouter

from app.domain.ports import Probe
from app.models.health import HealthView


class HealthController:
    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self.router = APIRouter(tags=["operations"])
        self.router.add_api_route("/health", self.get, response_model=HealthView, methods=["GET"])

    async def get(self) -> HealthView:
        found = [await probe.look() for probe in self._probes]
        return HealthView(**ChainMap(*map(dict, found)), checks=[p.name for p in self._probes])
