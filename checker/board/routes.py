"""The board over HTTP: what learners send, and what instructors see."""

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from checker.board.board import LONGEST_LESSON, Board
from checker.board.export import export
from checker.board.refusal import RefusedError
from checker.board.store import Learner
from checker.live import parts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PAGES = Path(__file__).with_name("pages")
COOKIE = "board"
MOST_CHECKS = 1000
Outcome = Literal["passed", "failed", "skipped", "error"]
router = APIRouter()


class Sent(BaseModel):
    """What came in a body, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Joining(Sent):
    """Somebody who wants in."""

    code: str = Field(max_length=40)
    name: str = Field(max_length=200)


class Standing(Sent):
    """What somebody's checks came to."""

    lesson: int
    outcomes: dict[str, Outcome] = Field(max_length=MOST_CHECKS)


class Hand(Sent):
    """Whether a hand is up."""

    up: bool


class Timer(Sent):
    """When the lesson ends."""

    minutes: int = Field(ge=0, le=LONGEST_LESSON)


class Who(Sent):
    """Whose row is meant."""

    id: int


async def find_board(request: Request) -> Board:
    """Return the board that is served."""
    board: Board = request.app.state.board
    return board


async def find_address(request: Request) -> str:
    """Return who asks."""
    return request.client.host if request.client else ""


TheBoard = Annotated[Board, Depends(find_board)]
Address = Annotated[str, Depends(find_address)]


async def find_learner(board: TheBoard, authorization: Annotated[str, Header()] = "") -> Learner:
    """Return whose token came along."""
    return board.find_learner(authorization.removeprefix("Bearer "))


async def find_instructor(request: Request, board: TheBoard) -> None:
    """Refuse whoever has not the key of the screens."""
    if not board.opens(request.cookies.get(COOKIE, "")):
        raise RefusedError(403, "Open the address that ./course board has printed.")


TheLearner = Annotated[Learner, Depends(find_learner)]
for_instructors = [Depends(find_instructor)]


@router.post("/api/join", status_code=201)
async def join(joining: Joining, board: TheBoard, address: Address) -> dict[str, str]:
    """Take somebody in."""
    learner, token = board.join(joining.code, joining.name, address)
    return {"name": learner.name, "token": token}


@router.post("/api/standing", status_code=204)
async def note(standing: Standing, board: TheBoard, learner: TheLearner) -> None:
    """Take note of what somebody's checks came to."""
    board.note(learner, standing.lesson, standing.outcomes)


@router.post("/api/hand", status_code=204)
async def raise_hand(hand: Hand, board: TheBoard, learner: TheLearner) -> None:
    """Put a hand up or down."""
    board.raise_hand(learner, is_up=hand.up)


@router.get("/api/hand")
async def tell_hand(learner: TheLearner) -> Hand:
    """Tell somebody whether their hand is up: it may have been put down for them."""
    return Hand(up=learner.hand_at is not None)


@router.post("/api/leave", status_code=204)
async def leave(board: TheBoard, learner: TheLearner) -> None:
    """Forget whoever asks for it."""
    board.remove(learner)


@router.post("/api/timer", status_code=204, dependencies=for_instructors)
async def set_timer(timer: Timer, board: TheBoard) -> None:
    """Let the lesson end in so many minutes."""
    board.set_timer(timer.minutes)


@router.post("/api/lower", status_code=204, dependencies=for_instructors)
async def lower_hand(who: Who, board: TheBoard) -> None:
    """Put down the hand of somebody who was helped."""
    board.lower_hand(who.id)


@router.post("/api/remove", status_code=204, dependencies=for_instructors)
async def remove(who: Who, board: TheBoard) -> None:
    """Forget somebody who does not belong here."""
    if learner := board.store.learners.get(who.id):
        board.remove(learner)


@router.get("/enter/{key}")
async def enter(key: str, board: TheBoard, address: Address) -> Response:
    """Let this browser see the board."""
    board.check_key(key, address)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, key, httponly=True, samesite="strict", max_age=30 * 86400)
    return answer


@router.get("/", dependencies=for_instructors)
async def show_board() -> Response:
    """Show the page."""
    return FileResponse(PAGES / "board.html")


@router.get("/board.{kind}")
async def show_part(kind: Literal["css", "js"]) -> Response:
    """Return what the page loads."""
    return FileResponse(PAGES / f"board.{kind}")


@router.get("/events", dependencies=for_instructors)
async def follow(board: TheBoard, address: Address) -> Response:
    """Tell everything, and then every change."""
    return board.hub.stream("change", board.describe(), address)


@router.get("/table.csv", dependencies=for_instructors)
async def download(board: TheBoard) -> Response:
    """Return the board as a table."""
    head = {"Content-Disposition": 'attachment; filename="board.csv"'}
    return Response(export(board.view), media_type="text/csv; charset=utf-8", headers=head)


def make_app(board: Board) -> FastAPI:
    """Return the app of one room."""

    @asynccontextmanager
    async def live(_: FastAPI) -> "AsyncIterator[None]":
        async with board.telling():
            yield

    app = FastAPI(lifespan=live, openapi_url=None)
    app.state.board = board
    app.include_router(parts.router)
    app.include_router(router)
    app.add_exception_handler(RefusedError, tell_refusal)
    app.add_exception_handler(RequestValidationError, tell_fault)
    return app


def tell_refusal(_: Request, error: Exception) -> Response:
    """Say why not, in plain words."""
    assert isinstance(error, RefusedError)  # noqa: S101 - registered for it
    headers = {"Retry-After": f"{error.wait:.0f}"} if error.wait else {}
    return JSONResponse({"detail": error.detail}, error.status, headers)


def tell_fault(_: Request, error: Exception) -> Response:
    """Say where a body is not what is expected, without showing it again."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    first = error.errors()[0]
    place = ".".join(f"{part}" for part in first["loc"])[:100]
    return JSONResponse({"detail": f"{place}: {first['msg']}"[:300]}, 422)
