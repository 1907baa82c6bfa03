"""Draw which package of the checker imports which, as the sources say."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from checker.paths import CoursePaths

DRAWN_APART = frozenset({"authors", "cli"})  # they import whatever their commands need
PROVERS = "verify"  # modules of this name look at everything, and are imported by nobody


def draw_imports(paths: CoursePaths) -> str:
    """Return a Mermaid diagram: `a --> b` where a module of a imports one of b.

    An arrow is dotted when only modules that prove the course whole need it.
    """
    lines = ["```mermaid", "flowchart TB"]
    for importer, imported in sorted(find_imports(paths.root / "checker").items()):
        for name, files in sorted(imported.items()):
            is_proof = all(file.stem.startswith(PROVERS) for file in files)
            lines.append(f"    {importer} {'-.->' if is_proof else '-->'} {name}")
    return "\n".join([*lines, "```"])


def find_imports(root: Path) -> dict[str, dict[str, set[Path]]]:
    """Return for each package the others that it imports, and the files that do so."""
    found: dict[str, dict[str, set[Path]]] = defaultdict(lambda: defaultdict(set))
    for file in sorted(root.glob("*/**/*.py")):
        own = file.relative_to(root).parts[0]
        for name in list_imported(file):
            if own not in DRAWN_APART and name != own and (root / name).is_dir():
                found[own][name].add(file)
    return found


def list_imported(file: Path, package: str = "checker") -> Iterator[str]:
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
