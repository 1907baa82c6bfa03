"""Tell whoever watches this service that it is alive."""

from fastapi import APIRouter

from app.models.health import Health

router = APIRouter(tags=["health"])


# TODO L1.1: add the route GET /health. It returns Health(status="ok").
