"""Tell whoever sends requests here whether the app can do its work."""

import asyncio

from fastapi import APIRouter

from app.api.answers import describe_problems
from app.database import EngineDep, ping
from app.models.health import Health

router = APIRouter(tags=["health"], responses=describe_problems())

LONGEST_PING = 1.5  # seconds


@router.get("/ready")
async def read_ready(engine: EngineDep) -> Health:
    """Answer when the database answers; a time limit of our own, for one that says nothing."""
    async with asyncio.timeout(LONGEST_PING):
        await asyncio.to_thread(ping, engine)
    return Health(status="ok")
