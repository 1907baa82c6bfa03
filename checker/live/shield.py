"""Refuse requests that no page of ours sends, and tell browsers what a page of ours may do."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_BODY = 64 << 10  # bytes
READING = frozenset({"GET", "HEAD"})


def make_policy(*, scripts: str = "'self'", styles: str = "'self'") -> str:
    """Return what a page may load: nothing from elsewhere."""
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; worker-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


HEADERS = {
    "Content-Security-Policy": make_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
Refusal = tuple[int, str]


class Shield:
    """Stands before an app.

    Args:
        app: What is protected.
        is_host: Tells whether a name is one of ours; any other was pointed at us by somebody else.
        takes_programs: Whether requests that change something may come without an Origin, as those
            of programs do; those of browsers have one.
    """

    def __init__(
        self, app: ASGIApp, *, is_host: Callable[[str], bool], takes_programs: bool
    ) -> None:
        self._app = app
        self._is_host = is_host
        self._takes_programs = takes_programs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the reason why not."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        refusal = self._find_refusal(scope["method"], Headers(scope=scope))
        app = self._app if refusal is None else refuse(*refusal)
        return await app(scope, receive, add_headers(send))

    def _find_refusal(self, method: str, headers: Headers) -> Refusal | None:
        host = headers.get("host", "")
        if not self._is_host(read_name(host)):
            return 421, "This address belongs to another server."
        return None if method in READING else self._find_fault(host, headers)

    def _find_fault(self, host: str, headers: Headers) -> Refusal | None:
        """Return what is wrong with a request that would change something."""
        origin = headers.get("origin")
        if origin is None and not self._takes_programs:
            return 403, "A change must come from a page of this server."
        if origin is not None and origin != f"http://{host}":
            return 403, "A page of another server may change nothing here."
        length = headers.get("content-length", "")
        if "transfer-encoding" in headers or (length and not length.isdecimal()):
            return 411, "Say how long the body is."
        if int(length or 0) > LONGEST_BODY:
            return 413, f"The body is longer than {LONGEST_BODY >> 10} KiB."
        return None


def read_name(host: str) -> str:
    """Return the name in a Host header; empty when there is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def refuse(status: int, detail: str) -> ASGIApp:
    """Return an app that says no."""
    return JSONResponse({"detail": detail}, status, {"Connection": "close"})


def add_headers(send: Send) -> Send:
    """Return what sends an answer with the headers that protect a page."""

    async def send_protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_protected
