"""The routes, one module a resource."""

from fastapi import APIRouter

# course: since 2
from app.api.auth import router as auth_router
# course: end
# course: since 5
from app.api.chat import router as chat_router
from app.api.conversations import router as conversations_router
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
# course: since 5
router.include_router(chat_router)
router.include_router(conversations_router)
# course: end
