"""L1.3: pages of this app are let in, pages of others are not."""

from checker.checks.cors import DEFAULT_ORIGIN, ask_preflight, expect_kept_out, expect_let_in
from checker.checks.declare import check
from checker.checks.expect import expect, expect_status, shorten
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend


@check("L1.3", points=2, needs=("health_answers_ok",))
def test_cors_listed_origin(backend: Backend) -> None:
    """A page at http://localhost:3000 may read the answers, errors too."""
    step = (
        "Add CORSMiddleware in create_app, with the list settings.cors_origins as allow_origins "
        "and with allow_credentials=True."
    )
    for path in ("/health", "/does-not-exist"):
        answer = backend.get(path, headers={"Origin": DEFAULT_ORIGIN})
        expect_let_in(answer, DEFAULT_ORIGIN, step)


@check("L1.3", points=1, needs=("cors_listed_origin",))
def test_cors_preflight(backend: Backend) -> None:
    """The browser's question before a request with a token is answered with yes."""
    answer = ask_preflight(backend, DEFAULT_ORIGIN)
    step = 'Give CORSMiddleware allow_methods=["*"] and allow_headers=["*"].'
    expect_status(answer, (200, 204), step)
    expect_let_in(answer, DEFAULT_ORIGIN, step)
    allowed = answer.headers.get("access-control-allow-headers", "").lower()
    expect(
        allowed.strip() == "*" or {"authorization", "content-type"} <= set(split_list(allowed)),
        expected="the preflight to allow the headers authorization and content-type",
        got=f"Access-Control-Allow-Headers: {shorten(allowed) or 'nothing'}",
        next_step=step,
        answer=answer,
    )
    methods = answer.headers.get("access-control-allow-methods", "").upper()
    expect(
        methods.strip() == "*" or "PATCH" in split_list(methods),
        expected="the preflight to allow the method PATCH",
        got=f"Access-Control-Allow-Methods: {shorten(methods) or 'nothing'}",
        next_step=step,
        answer=answer,
    )


@check("L1.3", points=2, needs=("cors_listed_origin",))
def test_cors_other_origin(backend: Backend, inputs: Inputs) -> None:
    """A page of any other website is not let in."""
    for origin in (
        inputs.make_origin(),
        f"{DEFAULT_ORIGIN}.example.com",  # begins like the listed one
        "http://localhost:30001",
        "http://localhost",  # stands in the listed one: `in` on a string finds it
        "http://my.localhost:3000",  # ends like it
        "https://localhost:3000",  # differs in the scheme
        "null",
    ):
        for method, path in (("GET", "/health"), ("GET", "/does-not-exist"), ("DELETE", "/health")):
            answer = backend.request(method, path, headers={"Origin": origin})
            expect_kept_out(answer, origin)
        expect_kept_out(ask_preflight(backend, origin), origin)


def split_list(header: str) -> list[str]:
    """Return the items of a comma-separated header."""
    return [item.strip() for item in header.split(",")]
