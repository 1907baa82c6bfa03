"""The lessons and their panels over HTTP."""

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict

from checker.course.manifest import find_lesson
from checker.errors import CourseError
from checker.live import parts
from checker.live.events import Hub
from checker.serve.frame import frame_text
from checker.serve.room import StudyRoom
from checker.serve.texts import Texts

PAGES = Path(__file__).with_name("pages")
router = APIRouter()


class Wanted(BaseModel):
    """Which lesson is meant."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lesson: int


async def find_room(request: Request) -> StudyRoom:
    """Return the room that is served."""
    room: StudyRoom = request.app.state.room
    return room


TheRoom = Annotated[StudyRoom, Depends(find_room)]


@router.get("/")
async def show_current(room: TheRoom) -> Response:
    """Lead to the lesson that the workspace is in."""
    lesson = room.lessons[max(room.describe()["lesson"], 1) - 1]
    return RedirectResponse(f"/lessons/{lesson.slug}/README.md", 303)


@router.get("/panel.{kind}")
async def show_part(kind: Literal["css", "js"]) -> Response:
    """Return what every page loads."""
    return FileResponse(PAGES / f"panel.{kind}")


@router.get("/api/events")
async def follow(request: Request, room: TheRoom) -> Response:
    """Tell how all stands, and then every change."""
    hub: Hub = request.app.state.hub
    return hub.stream("all", room.describe())


@router.get("/api/picture/{check}")
async def show_picture(check: str, room: TheRoom) -> Response:
    """Return the picture of a page at which a check failed."""
    file = room.find_picture(check)
    return FileResponse(file) if file else tell(404, "There is no picture of it any more.")


@router.get("/api/hint/{task}/{level}")
async def give_hint(task: str, level: int, room: TheRoom) -> dict[str, str]:
    """Return one hint."""
    return {"text": room.find_hint(task, level)}


@router.get("/api/solution/{lesson}")
def show_solution(lesson: int, room: TheRoom) -> dict[str, str]:
    """Return the diff to the finished files of a lesson."""
    return {"text": room.compare_with_solution(lesson)}


@router.post("/api/check", status_code=204)
def check_all(room: TheRoom) -> None:
    """Run every check."""
    room.check_all()


@router.post("/api/start")
def start_lesson(wanted: Wanted, room: TheRoom) -> dict[str, str]:
    """Bring a lesson into the workspace."""
    return {"text": room.start_lesson(wanted.lesson)}


@router.post("/api/reset")
def reset_lesson(wanted: Wanted, room: TheRoom) -> dict[str, str]:
    """Begin a lesson again."""
    return {"text": room.reset_lesson(find_lesson(room.lessons, wanted.lesson).number)}


@router.get("/{path:path}")
def show_page(path: str, request: Request, room: TheRoom) -> Response:
    """Show a text with its panel, or a picture of one."""
    texts: Texts = request.app.state.texts
    if picture := texts.find_picture(path):
        return FileResponse(picture)
    if text := texts.find_text(path):
        tasks = room.describe_lesson(text.lesson) if text.lesson else []
        return HTMLResponse(frame_text(text, room.lessons, tasks))
    return tell(404, "There is no such page.")


def make_app(room: StudyRoom, hub: Hub, texts: Texts) -> FastAPI:
    """Return the app of one learner."""
    app = FastAPI(openapi_url=None)
    app.state.room, app.state.hub, app.state.texts = room, hub, texts
    app.include_router(parts.router)  # before the route that takes every path
    app.include_router(router)
    app.add_exception_handler(CourseError, tell_error)
    return app


def tell_error(_: Request, error: Exception) -> Response:
    """Say what cannot be done, and the next step."""
    assert isinstance(error, CourseError)  # noqa: S101 - registered for it
    return tell(409, f"{error.problem}\n{error.next_step}")


def tell(status: int, detail: str) -> Response:
    """Return an answer that says why not."""
    body: dict[str, Any] = {"detail": detail}
    return JSONResponse(body, status)
