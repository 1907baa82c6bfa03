"""L1.2: the API has a name."""

from checker.checks.declare import check
from checker.checks.expect import expect, expect_object, expect_status, shorten
from checker.probes.backend import Backend


@check("L1.2", points=1, needs=("health_answers_ok",))
def test_openapi_names_the_app(backend: Backend) -> None:
    """The API description at /openapi.json carries a title of its own and a version."""
    answer = backend.get("/openapi.json")
    expect_status(answer, 200, "Leave FastAPI's openapi_url as it is.")
    info = expect_object(answer).get("info")
    title = info.get("title") if isinstance(info, dict) else None
    version = info.get("version") if isinstance(info, dict) else None
    expect(
        isinstance(title, str) and title.strip() not in {"", "FastAPI"},
        expected="info.title in /openapi.json to be a name of your own",
        got=shorten(repr(title)),
        next_step='Create the app with FastAPI(title="…", version="…").',
        answer=answer,
    )
    expect(
        isinstance(version, str) and bool(version.strip()),
        expected="info.version in /openapi.json to be a version",
        got=shorten(repr(version)),
        next_step='Create the app with FastAPI(title="…", version="1.0.0").',
        answer=answer,
    )
