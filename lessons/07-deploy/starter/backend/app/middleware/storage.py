"""Turn what storage says no to into answers: 404 for what is not there, 503 for no database."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from psycopg2.extensions import set_wait_callback
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.database import DatabaseUnsetError, wait_for_answer
from app.middleware.errors import make_problem
from app.services.tasks import TaskNotFoundError

logger = logging.getLogger("taskboard")

# TimeoutError is what asyncio.timeout raises: the database was there and said nothing.
UNAVAILABLE = (DatabaseUnsetError, OperationalError, PoolTimeoutError, TimeoutError)


async def handle_unavailable(_request: Request, error: Exception) -> JSONResponse:
    """Answer 503: nothing is wrong with the request, and trying again later makes sense."""
    logger.warning("no database: %s", type(error).__name__)
    return make_problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database cannot be reached. Please try again in a moment.",
        {"Retry-After": "5"},
    )


async def handle_not_found(_request: Request, _error: Exception) -> JSONResponse:
    """Answer 404, in the same words whether the task is not there or is somebody else's."""
    return make_problem(HTTPStatus.NOT_FOUND, "There is no such task.")


def add_storage_handlers(app: FastAPI) -> None:
    """Register the handlers, and let nobody wait for a silent database."""
    set_wait_callback(wait_for_answer)  # for all connections of this process; migrations take long
    app.add_exception_handler(TaskNotFoundError, handle_not_found)
    for error in UNAVAILABLE:
        app.add_exception_handler(error, handle_unavailable)
