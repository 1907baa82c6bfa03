from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Failures:
    """Answers of this API's own shape: a code for programs, a detail for people."""

    def __init__(self, service: str) -> None:
        self.service = service

    async def on_http(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = HTTPStatus(error.status_code).name.lower()
        body = {
            "service": self.service,
            "code": code,
            "detail": f"{error.detail}: {request.url.path}",
        }
        return JSONResponse(body, error.status_code, error.headers)

    async def on_crash(self, _request: Request, _error: Exception) -> Response:
        return JSONResponse({"service": self.service, "code": "crash", "detail": "Sorry."}, 500)
