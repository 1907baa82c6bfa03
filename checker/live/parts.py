"""What pages of every server here load."""

from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

BASE = Path(__file__).with_name("base.css")
router = APIRouter()


@router.get("/live/base.css")
async def show_base() -> Response:
    """Return the colours, and how buttons and the focus look."""
    return FileResponse(BASE)
