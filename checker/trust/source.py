"""A Python file as bytes and as a tree: where nodes stand, and how one is replaced."""

import ast
import re
from collections.abc import Iterator, Sequence

from checker.trust.edits import Edit

Located = ast.expr | ast.stmt | ast.keyword | ast.excepthandler | ast.arg
COMMA = re.compile(rb"\s*,\s*")


class Source:
    """One file, parsed.

    Args:
        content: The file.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.tree = ast.parse(content)
        self._starts = [0]
        for line in content.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def locate(self, node: Located) -> tuple[int, int]:
        """Return where a node begins and ends, in bytes."""
        if node.end_lineno is None or node.end_col_offset is None:
            raise ValueError("a node that was not read from a file")
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset

    def read(self, node: Located) -> bytes:
        """Return the text of a node."""
        start, end = self.locate(node)
        return self.content[start:end]

    def replace(self, operator: str, node: Located, new: bytes) -> Edit:
        """Put another text in the place of a node."""
        return Edit(operator, *self.locate(node), new)

    def replace_sign(
        self, operator: str, before: Located, after: Located, signs: dict[str, str]
    ) -> Iterator[Edit]:
        """Put another sign in the place of the one that stands between two nodes."""
        start, end = self.locate(before)[1], self.locate(after)[0]
        longest_first = sorted(signs, key=len, reverse=True)
        pattern = "|".join(rf"(?<!\w){re.escape(s)}(?!\w)" for s in longest_first)
        if match := re.compile(pattern.encode()).search(self.content, start, end):
            new = signs[match[0].decode()].encode()
            yield Edit(operator, match.start(), match.end(), new)

    def leave_out_each(self, operator: str, parts: Sequence[Located]) -> Iterator[Edit]:
        """Leave out one of the parts that commas separate, each in turn."""
        for index, part in enumerate(parts):
            start, end = self.locate(part)
            if after := COMMA.match(self.content, end):
                yield Edit(operator, start, after.end(), b"")
            elif index:
                yield Edit(operator, self.locate(parts[index - 1])[1], end, b"")
            else:
                yield Edit(operator, start, end, b"")

    def list_nodes(self, tree: ast.AST | None = None) -> Iterator[ast.AST]:
        """Yield every node below a tree, the file's by default; of types, only `Annotated[…]`.

        A type with another operator in it ends the import: any test would find it. Of a text with
        fields, Python 3.11 does not know where its parts stand.
        """
        for name, value in ast.iter_fields(tree or self.tree):
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                    continue
                is_type = name in {"annotation", "returns"}
                for node in find_annotated(child) if is_type else [child]:
                    if not (name == "slice" and isinstance(node, ast.Tuple)):
                        yield node
                    yield from self.list_nodes(node)


def find_annotated(annotation: ast.AST) -> list[ast.AST]:
    """Return the outermost `Annotated[…]` of a type, if there is one."""
    return [node for node in ast.walk(annotation) if is_annotated(node)][:1]


def is_annotated(node: ast.AST) -> bool:
    """Tell whether a type carries more than a type."""
    return isinstance(node, ast.Subscript) and read_name(node.value) == "Annotated"


def read_name(node: ast.AST) -> str:
    """Return the last part of a name, empty for what is none."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
