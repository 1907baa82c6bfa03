"""Turn every failure into a JSON body that explains and gives nothing away (RFC 9457)."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.middleware.request_id import request_id

PROBLEM_TYPE = "application/problem+json"

logger = logging.getLogger("taskboard")


def make_problem(
    status: int,
    detail: str | list[dict[str, Any]],
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build the answer; `detail` is a sentence, or the list of fields that are wrong."""
    return JSONResponse(
        {"type": "about:blank", "title": name_status(status), "status": status}
        | {
            "detail": detail,
            "request_id": request_id.get(),
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        status_code=status,
        headers=headers,
        media_type=PROBLEM_TYPE,
    )


def name_status(status: int) -> str:
    """Return `Not Found` for 404; a number that nobody has named is an error all the same."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def add_error_handlers(app: FastAPI) -> None:
    """Register handlers for the two errors that the framework raises for us."""

    @app.exception_handler(HTTPException)
    async def refuse(_request: Request, error: HTTPException) -> JSONResponse:
        """Answer what a route refused on purpose."""
        return make_problem(error.status_code, error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    async def name_wrong_fields(_request: Request, error: RequestValidationError) -> JSONResponse:
        """Say which fields are wrong; leave out what was sent, it may be a password."""
        fields = [{key: e[key] for key in ("type", "loc", "msg")} for e in error.errors()]
        return make_problem(HTTPStatus.UNPROCESSABLE_ENTITY, fields)


class CrashMiddleware:
    """Answer 500 when our own code breaks: the traceback goes to the log, never to the caller.

    It stands inside the CORS middleware, so that a browser may read this answer too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            logger.exception("request %s broke", request_id.get())
            if started:
                raise
            problem = make_problem(500, "Something broke on our side. Please try again.")
            await problem(scope, receive, send)
