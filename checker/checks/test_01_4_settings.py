"""L1.4: settings come from the environment, in one place."""

import ast

from checker.checks.cors import ALLOW_ORIGIN, DEFAULT_ORIGIN, expect_kept_out, expect_let_in
from checker.checks.declare import check
from checker.checks.expect import expect, shorten
from checker.checks.fixtures import Changes, Variants
from checker.checks.stage import Stage
from checker.judge.inputs import Inputs
from checker.probes.backend import NotStartedError
from checker.probes.project import Project


def list_variants(stage: Stage) -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "two_origins": {
            "CORS_ORIGINS": f"{stage.inputs.make_origin()}, {stage.inputs.make_origin()}"
        },
        "wildcard": {"CORS_ORIGINS": "*"},
    }


@check("L1.4", points=2, needs=("cors_listed_origin",))
def test_cors_origins_from_environment(variants: Variants) -> None:
    """CORS_ORIGINS names the origins that are let in, with commas between them."""
    backend = variants.open("two_origins")
    step = "Split CORS_ORIGINS at the commas in backend/app/settings.py and strip the spaces."
    for origin in variants.read_variable("two_origins", "CORS_ORIGINS").split(", "):
        expect_let_in(backend.get("/health", headers={"Origin": origin}), origin, step)
    answer = backend.get("/health", headers={"Origin": DEFAULT_ORIGIN})
    expect_kept_out(answer, DEFAULT_ORIGIN)


@check("L1.4", points=1, needs=("cors_origins_from_environment",))
def test_cors_wildcard_refused(variants: Variants, inputs: Inputs) -> None:
    """CORS_ORIGINS=* lets in nobody, or the app refuses to start with it."""
    origin = inputs.make_origin()
    try:
        backend = variants.open("wildcard")
    except NotStartedError:
        return
    answer = backend.get("/health", headers={"Origin": origin})
    expect(
        ALLOW_ORIGIN not in answer.headers,
        expected=f"no Access-Control-Allow-Origin for {origin} when CORS_ORIGINS is *",
        got=f"Access-Control-Allow-Origin: {shorten(answer.headers.get(ALLOW_ORIGIN, ''))}",
        next_step=(
            "Refuse * in backend/app/settings.py: together with credentials it would let every "
            "website act for your users."
        ),
        answer=answer,
    )


@check("L1.4", points=1, needs=("cors_origins_from_environment",))
def test_settings_in_one_place(project: Project) -> None:
    """One module of the app reads the environment, and only that one."""
    readers = [name for name, tree in project.parse_modules("backend/app") if reads_environ(tree)]
    expect(
        len({name.rpartition("/")[0] if "settings" in name else name for name in readers}) <= 1,
        expected="one module that reads the environment",
        got=f"{len(readers)} of them: {', '.join(readers)}",
        next_step="Read every variable in backend/app/settings.py; import the settings elsewhere.",
    )


def reads_environ(tree: ast.Module) -> bool:
    """Tell whether a module reads os.environ or os.getenv, or declares pydantic settings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            names = {alias.name for alias in node.names}
            if names & {"environ", "getenv"}:
                return True
        if isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
            if "BaseSettings" in bases:
                return True
    return False
