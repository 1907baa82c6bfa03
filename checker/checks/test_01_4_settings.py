"""L1.4: settings come from the environment, in one place."""

import ast
import re
from collections.abc import Iterator

from checker.checks.cors import ALLOW_ORIGIN, DEFAULT_ORIGIN, expect_kept_out, expect_let_in
from checker.checks.declare import check
from checker.checks.expect import expect, shorten
from checker.checks.fixtures import Changes, Variants
from checker.judge.inputs import Inputs
from checker.probes.backend import NotStartedError
from checker.probes.project import Project

IN_TESTS = re.compile(r"/tests?/|/test_[^/]*$|/conftest\.py$")
READERS = {"decouple", "environs", "starlette.config"}
SPLIT_STEP = "Split CORS_ORIGINS at the commas in backend/app/settings.py and strip the spaces."
ASK_STEP = (
    "The default is let in still: give CORSMiddleware settings.cors_origins as allow_origins, and "
    "read CORS_ORIGINS in backend/app/settings.py."
)
IN_SETTINGS = re.compile(r"/(settings|config|conf)$")
WRITERS = {"setdefault", "update", "pop"}  # of a dict, when nobody takes what they return


def list_variants(inputs: Inputs) -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    first, second, third = (inputs.make_origin() for _ in range(3))
    return {
        "three_origins": {"CORS_ORIGINS": f"{first},{second}, {third}"},
        "wildcard": {"CORS_ORIGINS": "*"},
        "wildcard_among_others": {"CORS_ORIGINS": f"{inputs.make_origin()},*"},
    }


@check("L1.4", points=2, needs=("cors_listed_origin",))
def test_cors_origins_from_environment(variants: Variants) -> None:
    """CORS_ORIGINS names the origins that are let in, with commas between them."""
    backend = variants.open("three_origins")
    value = variants.read_variable("three_origins", "CORS_ORIGINS")
    when = f" when CORS_ORIGINS is {value}"
    listed = [origin.strip() for origin in value.split(",")]
    answers = {o: backend.get("/health", headers={"Origin": o}) for o in (*listed, DEFAULT_ORIGIN)}
    # The usual origin is let in and none of the listed: nobody asks the setting.
    step = ASK_STEP if ALLOW_ORIGIN in answers.pop(DEFAULT_ORIGIN).headers else SPLIT_STEP
    for origin, answer in answers.items():
        expect_let_in(answer, origin, step, when)
    # A dot that matches anything, and the beginning of a listed origin, are other websites.
    for origin in (DEFAULT_ORIGIN, listed[0].replace(".example", "-example"), listed[0][:-1]):
        expect_kept_out(backend.get("/health", headers={"Origin": origin}), origin, when)


@check("L1.4", points=1, needs=("cors_origins_from_environment",))
def test_cors_wildcard_refused(variants: Variants, inputs: Inputs) -> None:
    """CORS_ORIGINS=* lets in nobody, or the app refuses to start with it."""
    for name in ("wildcard", "wildcard_among_others"):
        origin = inputs.make_origin()
        listed = variants.read_variable(name, "CORS_ORIGINS")
        try:
            answer = variants.open(name).get("/health", headers={"Origin": origin})
        except NotStartedError as error:
            expect(
                error.is_refusal,
                expected=f"the app to end with a message, or to let in nobody, with {listed!r} as "
                "CORS_ORIGINS",
                got=error.got,
                next_step="Raise ValueError where the setting is read: an app that hangs or ends "
                "without a word helps nobody to find out.",
            )
            continue
        expect(
            ALLOW_ORIGIN not in answer.headers,
            expected=f"no Access-Control-Allow-Origin for {origin} when CORS_ORIGINS is {listed}",
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
    readers = [
        name
        for name, tree in project.parse_modules("backend/app")
        if not IN_TESTS.search(name) and reads_environ(tree)
    ]
    expect(
        len({find_place(name) for name in readers}) <= 1,
        expected="one module that reads the environment",
        got=f"{len(readers)} of them: {', '.join(readers)}",
        next_step="Read every variable in backend/app/settings.py; import the settings elsewhere.",
    )


def find_place(name: str) -> str:
    """Return the module, or the package that it is in when that is all about settings."""
    folder = name.rpartition("/")[0]
    return folder if IN_SETTINGS.search(folder) else name


def reads_environ(tree: ast.Module) -> bool:
    """Tell whether a module reads os.environ or os.getenv, or uses a package that does."""
    written = set(list_written(tree))
    for node in ast.walk(tree):
        is_named = isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
        if is_named and node not in written:
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            names = {alias.name for alias in node.names}
            if names & {"environ", "getenv", "*"}:
                return True
        if isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
            if "BaseSettings" in bases:
                return True
        if isinstance(node, ast.ImportFrom) and node.module in READERS:
            return True
    return False


def list_written(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what a module only writes to, such as `x` in `x["TZ"] = "UTC"`."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets) | ast.Delete(targets=targets):
                yield from (one.value for one in targets if isinstance(one, ast.Subscript))
            case ast.Expr(ast.Call(ast.Attribute(value=target, attr=name))) if name in WRITERS:
                yield target
