"""Plain ASGI: turn exceptions into answers."""

import json
import logging

from app.errors import AppError

log = logging.getLogger("taskboard")


class ErrorsToAnswers:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except AppError as error:
            await self.answer(send, error)
        except Exception:
            log.exception("%s %s", scope["method"], scope["path"])
            await self.answer(send, AppError())

    async def answer(self, send, error):
        body = json.dumps({"error": type(error).__name__, "detail": error.detail}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            *error.headers,
        ]
        await send({"type": "http.response.start", "status": error.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
