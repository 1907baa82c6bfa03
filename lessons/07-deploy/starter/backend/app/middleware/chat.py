"""Turn what the chatbot says no to into answers."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from app.middleware.errors import make_problem
from app.services.chat.errors import ChatError, ConversationNotFoundError


async def handle_missing_conversation(_request: Request, _error: Exception) -> JSONResponse:
    """Answer 404, in the same words whether it is not there or is somebody else's."""
    return make_problem(HTTPStatus.NOT_FOUND, "There is no such conversation.")


async def handle_chat_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer with the status of its kind, and say when to come back if that is known."""
    if not isinstance(error, ChatError):
        raise error
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return make_problem(error.status, error.detail, headers)


def add_chat_handlers(app: FastAPI) -> None:
    """Register the handlers; one for ChatError is one for all kinds of it."""
    app.add_exception_handler(ConversationNotFoundError, handle_missing_conversation)
    app.add_exception_handler(ChatError, handle_chat_error)
