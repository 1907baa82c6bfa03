"""L1.1: the app starts and answers."""

from checker.checks.declare import check
from checker.checks.expect import expect, expect_detail, expect_equal, expect_object, expect_status
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.project import Project


@check("L1.1", points=0)
def test_layout_is_there(project: Project) -> None:
    """The app has the folders of the contract."""
    wanted = ("app/main.py", "app/api", "app/models", "app/middleware")
    missing = [f"backend/{name}" for name in wanted if not project.has(f"backend/{name}")]
    expect(
        not missing,
        expected="the files and folders that every lesson builds on",
        got=f"no {', '.join(missing)}",
        next_step="Create what is missing, or get it back with ./course reset 1.",
    )


@check("L1.1", points=0, needs=("layout_is_there",))
def test_app_starts(backend: Backend) -> None:
    """The app starts: `uvicorn app.main:app` in backend/."""
    code = backend.process.poll()
    expect(
        code is None,
        expected="the app to go on running after its first answer",
        got=f"an end with exit code {code}",
        next_step="Run ./course run and read what it prints.",
    )


@check("L1.1", points=2, needs=("app_starts",))
def test_health_answers_ok(backend: Backend) -> None:
    """GET /health answers 200 with the status "ok"."""
    step = "Write the route GET /health in backend/app/api/health.py; it needs nothing else."
    answer = backend.get("/health")
    expect_status(answer, 200, step)
    expect_equal(answer, "status", expect_object(answer).get("status"), "ok", step)


@check("L1.1", points=1, needs=("health_answers_ok",))
def test_unknown_path_is_json(backend: Backend, inputs: Inputs) -> None:
    """A path that does not exist answers 404 in JSON with a detail."""
    answer = backend.get(inputs.make_path())
    step = "Let FastAPI answer 404 itself: a route or handler of yours catches every path."
    expect_status(answer, 404, step)
    expect_detail(answer, 'Answer errors as JSON: {"detail": "Not Found"}.')


@check("L1.1", points=1, needs=("health_answers_ok",))
def test_wrong_method_is_json(backend: Backend) -> None:
    """A method that a path does not know answers 405 in JSON with a detail."""
    answer = backend.request("DELETE", "/health")
    expect_status(answer, 405, "Use @router.get for /health, so that only GET is answered.")
    expect_detail(answer, 'Answer errors as JSON: {"detail": "Method Not Allowed"}.')
