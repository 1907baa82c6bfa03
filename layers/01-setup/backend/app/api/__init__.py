"""The routes, one module a resource."""

from fastapi import APIRouter

# course: since 2
from app.api.auth import router as auth_router
# course: end
from app.api.health import router as health_router
# course: since 3
from app.api.ready import router as ready_router
from app.api.tasks import router as tasks_router
# course: end

router = APIRouter()
router.include_router(health_router)
# course: since 2
router.include_router(auth_router)
# course: end
# course: since 3
router.include_router(ready_router)
router.include_router(tasks_router)
# course: end
