from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.middleware.failures import Failures

KNOWN = {"localhost", "127.0.0.1"}


class KnownHosts:
    """Keeps out whoever has led a name of their own to this address (DNS rebinding)."""

    def __init__(self, app: ASGIApp, failures: Failures) -> None:
        self.app = app
        self.failures = failures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http" and Request(scope).url.hostname not in KNOWN:
            error = HTTPException(421, "This service has another name")
            app = await self.failures.on_http(Request(scope), error)
        await app(scope, receive, send)
