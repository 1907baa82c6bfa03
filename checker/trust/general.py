"""Changes that fit any Python file: other conditions, other constants, a statement less.

cosmic-ray 8.7 was tried. It fails on `except (jwt.InvalidTokenError, ValueError)`, and
half of its mutants of lesson 1 turn the `|` of a type into an operator that ends the import: they
die by any test and would flatter the score. mutmut runs its mutants inside of pytest's process,
and the judge starts an app in one of its own.
"""

import ast
from collections.abc import Iterator
from itertools import pairwise

from checker.trust.edits import Edit
from checker.trust.source import Located, Source

COMPARISONS = {"==": "!=", "!=": "==", "<=": "<", ">=": ">", "<": "<=", ">": ">="} | {
    "is not": "is",
    "is": "is not",
    "not in": "in",
    "in": "not in",
}
ARITHMETIC = {"+": "-", "-": "+", "*": "+", "/": "*"}


def negate(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Turn a condition into its opposite."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield source.replace("negate", test, b"not (" + source.read(test) + b")")
        case ast.comprehension(ifs=tests):
            for test in tests:
                yield source.replace("negate", test, b"not (" + source.read(test) + b")")
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield source.replace("negate", node, source.read(operand))


def compare(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Move a bound by one, turn a comparison round, swap `and` and `or`, plus and minus."""
    match node:
        case ast.Compare(left=left, comparators=others):
            for before, after in pairwise([left, *others]):
                yield from source.replace_sign("compare", before, after, COMPARISONS)
        case ast.BoolOp(values=values):
            for before, after in pairwise(values):
                signs = {"and": "or", "or": "and"}
                yield from source.replace_sign("compare", before, after, signs)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right):
            yield from source.replace_sign("arithmetic", left, right, ARITHMETIC)


def change_constant(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Change a number by one, a truth, or a text of one word: sentences are free."""
    match node:
        case ast.Constant(value=bool() as value):
            yield source.replace("constant", node, str(not value).encode())
        case ast.Constant(value=int() as value):
            for other in (value - 1, value + 1):
                yield source.replace("constant", node, str(other).encode())
        case ast.Constant(value=float() as value):
            yield source.replace("constant", node, str(value * 10).encode())
        case ast.Constant(value=str() as value) if " " not in value and "\n" not in value:
            yield source.replace("constant", node, repr(f"{value}XX").encode())


def leave_out_statement(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Leave out a call, a raise, an assignment to a part of something, or what is returned."""
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.Expr() | ast.Raise() | ast.AugAssign():
            yield source.replace("statement", node, b"pass")
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield source.replace("statement", node, b"pass")
        case ast.Return(value=ast.expr() as value):
            yield source.replace("statement", value, b"None")


def leave_out_part(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Leave out a named argument, an entry or an element."""
    match node:
        case ast.Call(args=args, keywords=keywords):
            given = {id(keyword) for keyword in keywords}
            whole: list[Located] = [*args, *keywords]
            edits = source.leave_out_each("part", whole)
            yield from (e for part, e in zip(whole, edits, strict=True) if id(part) in given)
        case ast.List(elts=parts) | ast.Set(elts=parts) | ast.Tuple(elts=parts) if len(parts) > 1:
            if not isinstance(getattr(parts[0], "ctx", ast.Load()), ast.Store):
                yield from source.leave_out_each("part", parts)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is not None:
                    yield leave_out_entry(source, key, value)


def leave_out_entry(source: Source, key: ast.expr, value: ast.expr) -> Edit:
    """Leave out an entry of a dictionary, with the comma behind it."""
    start, end = source.locate(key)[0], source.locate(value)[1]
    rest = source.content[end:]
    blank = len(rest) - len(rest.lstrip(b" \n"))
    return Edit("part", start, end + blank + (rest.lstrip(b" \n")[:1] == b","), b"")


def unguard(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Catch nothing, hold no lock, apply no decorator."""
    match node:
        case ast.ExceptHandler(type=ast.expr() as caught):
            yield source.replace("except", caught, b"()")
        case ast.With(items=[item]) if item.optional_vars is None:
            yield source.replace("guard", item.context_expr, b"open(__file__)")
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            for decorator in node.decorator_list:
                start, end = source.locate(decorator)
                at = source.content.rindex(b"@", 0, start)
                yield Edit("decorator", at, end, b"")


GENERAL = (negate, compare, change_constant, leave_out_statement, leave_out_part, unguard)
