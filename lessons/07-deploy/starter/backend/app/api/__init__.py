"""The routes, one module a resource."""

from fastapi import APIRouter

from app.api.auth import router as auth_router
from app.api.chat import router as chat_router
from app.api.conversations import router as conversations_router
from app.api.health import router as health_router
from app.api.ready import router as ready_router
from app.api.tasks import router as tasks_router

router = APIRouter()
router.include_router(health_router)
router.include_router(auth_router)
router.include_router(ready_router)
router.include_router(tasks_router)
router.include_router(chat_router)
router.include_router(conversations_router)
