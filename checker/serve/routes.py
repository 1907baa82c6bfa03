"""The lessons and their panels over HTTP."""

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict

from checker.board import member
from checker.course.manifest import Lesson, find_lesson
from checker.errors import CourseError
from checker.live import parts
from checker.live.events import Hub
from checker.paths import CoursePaths
from checker.serve.frame import add_panel, allow_scripts, frame_panel, frame_text, locate_page
from checker.serve.room import StudyRoom
from checker.serve.site import Site

PAGES = Path(__file__).with_name("pages")
router = APIRouter()


class Wanted(BaseModel):
    """Which lesson is meant."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lesson: int


class Hand(BaseModel):
    """Whether a hand is to be up."""

    model_config = ConfigDict(extra="forbid", strict=True)

    up: bool


async def find_room(request: Request) -> StudyRoom:
    """Return the room that is served."""
    room: StudyRoom = request.app.state.room
    return room


TheRoom = Annotated[StudyRoom, Depends(find_room)]


@router.get("/")
async def show_current(room: TheRoom) -> Response:
    """Lead to the lesson that the workspace is in."""
    lesson = room.lessons[max(room.describe()["lesson"], 1) - 1]
    return RedirectResponse(f"/{locate_page(lesson)}", 303)


@router.get("/live/{name}")
async def show_part(name: Literal["panel.css", "panel.js", "plain.css"]) -> Response:
    """Return what a page with a panel loads."""
    return FileResponse(PAGES / name)


@router.get("/api/events")
async def follow(request: Request, room: TheRoom) -> Response:
    """Tell how all stands, and then every change."""
    hub: Hub = request.app.state.hub
    return hub.stream("all", room.describe(), "here")


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


@router.get("/api/hand")
def find_hand(room: TheRoom) -> dict[str, Any]:
    """Return whether the learner's hand is up on the board of their room."""
    return describe_hand(room.paths)


@router.post("/api/hand")
def raise_hand(hand: Hand, room: TheRoom) -> dict[str, Any]:
    """Put the learner's hand up or down."""
    member.raise_hand(room.paths, is_up=hand.up)
    return describe_hand(room.paths)


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
    """Show what the site has at a path, a lesson with its panel."""
    site: Site = request.app.state.site
    lesson = next((one for one in room.lessons if locate_page(one) == path), None)
    file = site.find_file(path)
    if file and file.suffix == ".html":
        return show_site_page(file, lesson, room)
    if file:
        return FileResponse(file)
    if lesson and not site.is_ready:
        return HTMLResponse(frame_text(lesson, room.lessons, make_panel(lesson, room)))
    return tell(404, "There is no such page.")


def show_site_page(file: Path, lesson: Lesson | None, room: StudyRoom) -> Response:
    """Return a page of the site, which may run its own scripts."""
    page = file.read_text(encoding="utf-8")
    headers = {"Content-Security-Policy": allow_scripts(page)}
    if lesson:
        page = add_panel(page, make_panel(lesson, room))
    return HTMLResponse(page, headers=headers)


def describe_hand(paths: CoursePaths) -> dict[str, Any]:
    """Return the learner's name on the board of their room, empty for none, and their hand.

    Raises:
        CourseError: the board cannot be asked.
    """
    if not member.find_file(paths).exists():
        return {"name": "", "up": False}
    return {"name": member.find_membership(paths).name, "up": member.is_hand_up(paths)}


def make_panel(lesson: Lesson, room: StudyRoom) -> str:
    """Return the panel of a lesson."""
    return frame_panel(lesson.number, room.describe_lesson(lesson.number))


def make_app(room: StudyRoom, hub: Hub, site: Site) -> FastAPI:
    """Return the app of one learner."""
    app = FastAPI(openapi_url=None)
    app.state.room, app.state.hub, app.state.site = room, hub, site
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
