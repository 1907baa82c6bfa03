"""Draw which package of the checker imports which, as the sources say."""

from collections import defaultdict
from pathlib import Path

from checker.course.imports import list_imported
from checker.paths import CoursePaths

DRAWN_APART = frozenset({"authors", "cli"})  # they import whatever their commands need
PROVERS = "verify"  # modules of this name look at everything, and are imported by nobody


def draw_imports(paths: CoursePaths) -> str:
    """Return a Mermaid diagram: `a --> b` where a module of a imports one of b.

    An arrow is dotted when only modules that prove the course whole need it. Left out is what
    follows: who imports one that imports a third may do so, too.
    """
    found = find_imports(paths.root / "checker")
    solid = {
        one: {n for n, files in to.items() if not is_proof(files)} for one, to in found.items()
    }
    lines = ["```mermaid", "flowchart TB"]
    for importer, imported in sorted(found.items()):
        for name, files in sorted(imported.items()):
            if not is_implied(importer, name, solid):
                lines.append(f"    {importer} {'-.->' if is_proof(files) else '-->'} {name}")
    return "\n".join([*lines, "```"])


def is_proof(files: set[Path]) -> bool:
    """Tell whether only modules that look at everything import something."""
    return all(file.stem.startswith(PROVERS) for file in files)


def is_implied(importer: str, name: str, solid: dict[str, set[str]]) -> bool:
    """Tell whether another package leads there; two that import each other lead nowhere."""
    return any(
        name in solid.get(one, ())
        and importer not in solid.get(one, ())
        and one not in solid.get(name, ())
        for one in solid[importer] - {name}
    )


def find_imports(root: Path) -> dict[str, dict[str, set[Path]]]:
    """Return for each package the others that it imports, and the files that do so."""
    found: dict[str, dict[str, set[Path]]] = defaultdict(lambda: defaultdict(set))
    for file in sorted(root.glob("*/**/*.py")):
        own = file.relative_to(root).parts[0]
        for name in list_imported(file, "checker"):
            if own not in DRAWN_APART and name != own and (root / name).is_dir():
                found[own][name].add(file)
    return found
