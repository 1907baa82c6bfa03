"""Read from the sources of a Python package which of its parts imports which."""

import ast
from collections.abc import Iterator
from pathlib import Path


def list_imported(file: Path, package: str) -> Iterator[str]:
    """Yield the parts of a package that a module imports from, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            if first == package and rest:
                yield rest.partition(".")[0]
