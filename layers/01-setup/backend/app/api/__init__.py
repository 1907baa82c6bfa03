"""The routes, one module a resource."""

from fastapi import APIRouter

# course: since 2
from app.api.auth import router as auth_router
# course: end
from app.api.health import router as health_router

router = APIRouter()
router.include_router(health_router)
# course: since 2
router.include_router(auth_router)
# course: end
