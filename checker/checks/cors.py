"""Ask as a browser asks on behalf of a page (the Fetch standard, CORS protocol)."""

from checker.checks.expect import expect, shorten
from checker.probes.backend import Backend
from checker.probes.http import Exchange

DEFAULT_ORIGIN = "http://localhost:3000"
KEEP_OUT = "Let in only the exact origins of the list: no *, no pattern, no echo of Origin."
KEEP_OUT_PART = (
    "It is a part of a listed one: make a list of CORS_ORIGINS, split at the commas, for in a text "
    "every part of it is found."
)
ALLOW_ORIGIN = "access-control-allow-origin"


def ask_preflight(backend: Backend, origin: str) -> Exchange:
    """Send what a browser sends before a PATCH with a token."""
    return backend.request(
        "OPTIONS",
        "/health",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )


def expect_let_in(answer: Exchange, origin: str, next_step: str, when: str = "") -> None:
    """Expect the two headers that let a page read the answer.

    Args:
        answer: What the page asked for.
        origin: The page's.
        next_step: What to do when they are not there.
        when: Under which settings, as the end of a sentence.
    """
    got = answer.headers.get(ALLOW_ORIGIN)
    expect(
        got == origin,
        expected=f"Access-Control-Allow-Origin: {origin} in the answer to {answer}{when}",
        got=f"Access-Control-Allow-Origin: {shorten(got)}" if got else "no such header",
        next_step=next_step,
        answer=answer,
    )
    expect(
        answer.headers.get("access-control-allow-credentials") == "true",
        expected=f"Access-Control-Allow-Credentials: true in the answer to {answer}",
        got="no such header",
        next_step="Give CORSMiddleware allow_credentials=True.",
        answer=answer,
    )


def expect_kept_out(answer: Exchange, origin: str, when: str = "") -> None:
    """Expect no header that would let a page of this origin read the answer; see above."""
    got = answer.headers.get(ALLOW_ORIGIN)
    is_part = origin in DEFAULT_ORIGIN and origin != DEFAULT_ORIGIN
    expect(
        got is None,
        expected=f"no Access-Control-Allow-Origin for the origin {origin} in the answer to {answer}"
        f"{when}",
        got=f"Access-Control-Allow-Origin: {shorten(got or '')}",
        next_step=KEEP_OUT_PART if is_part else KEEP_OUT,
        answer=answer,
    )
