"""Changes that matter to this app: another status, a query for everybody, a wait left out."""

import ast
from collections.abc import Iterator

from checker.trust.edits import Edit
from checker.trust.source import Source, is_annotated, read_name

STATUSES = {
    "HTTP_201_CREATED": "HTTP_200_OK",
    "HTTP_204_NO_CONTENT": "HTTP_200_OK",
    "HTTP_401_UNAUTHORIZED": "HTTP_403_FORBIDDEN",
    "HTTP_404_NOT_FOUND": "HTTP_403_FORBIDDEN",
    "HTTP_409_CONFLICT": "HTTP_400_BAD_REQUEST",
    "NOT_FOUND": "FORBIDDEN",
    "UNPROCESSABLE_ENTITY": "BAD_REQUEST",
    "SERVICE_UNAVAILABLE": "INTERNAL_SERVER_ERROR",
    "BAD_GATEWAY": "INTERNAL_SERVER_ERROR",
    "TOO_MANY_REQUESTS": "INTERNAL_SERVER_ERROR",
}
# Calls that narrow, order or tidy what they are called on, and return something like it.
STEPS = frozenset({"where", "order_by", "limit", "offset", "desc", "strip", "rstrip", "lower"})
NARROWING = frozenset({"where", "order_by"})


def swap_status(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Answer with another status: 403 for 404 and 401, 500 for 503."""
    if isinstance(node, ast.Attribute) and node.attr in STATUSES:
        end = source.locate(node)[1]
        yield Edit("status", end - len(node.attr), end, STATUSES[node.attr].encode())


def skip_step(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Leave out a whole condition of a query, or one step in a chain of calls."""
    match node:
        case ast.Call(func=ast.Attribute(value=before, attr=name), args=args) if name in STEPS:
            if read_name(before) == "func":  # a function of the database, not a step
                return
            yield source.replace("step", node, source.read(before))
            if name in NARROWING and len(args) > 1:
                yield from source.leave_out_each("condition", args)


def skip_validator(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Leave out what a type is annotated with: a validator, a bound, a dependency."""
    match node:
        case ast.Subscript(slice=ast.Tuple(elts=[first, *marks])) if is_annotated(node):
            if len(marks) == 1:
                yield source.replace("annotation", node, source.read(first))
            else:
                yield from list(source.leave_out_each("annotation", [first, *marks]))[1:]


def skip_wait(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Do not wait for what takes time; do what takes time where all others wait."""
    match node:
        case ast.Await(value=value):
            yield source.replace("await", node, source.read(value))
        case ast.FunctionDef(decorator_list=[ast.Call(func=made)]) if is_route(made):
            start = source.locate(node)[0]
            yield Edit("event loop", start, start, b"async ")


def is_route(decorator: ast.expr) -> bool:
    """Tell whether a decorator makes a route of a function."""
    return isinstance(decorator, ast.Attribute) and read_name(decorator.value) == "router"


def widen_cors(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Let the pages of every website in."""
    match node:
        case ast.keyword(arg="allow_origins", value=value):
            yield source.replace("cors", value, b'["*"]')


DOMAIN = (swap_status, skip_step, skip_validator, skip_wait, widen_cors)
