"""List the mutants of a lesson: the solution, with one change to a file that the lesson brings."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from checker.paths import CoursePaths
from checker.trust.domain import DOMAIN
from checker.trust.edits import Edit, Mutant, make_mutants
from checker.trust.general import GENERAL
from checker.trust.lines import find_line_edits
from checker.trust.source import Source

# Nothing that a caller, a browser or an engine could see depends on these.
LEFT_OUT = ("/testing/", ".test.ts", "vitest.", "/types/", "scripts/")


def list_mutants(paths: CoursePaths, lesson: int) -> list[Mutant]:
    """Return a lesson's mutants, those of the lessons before left out, in order of their files."""
    earlier = {mutant.id for mutant in find_mutants(paths, lesson - 1)} if lesson > 1 else set()
    return [mutant for mutant in find_mutants(paths, lesson) if mutant.id not in earlier]


@cache
def find_mutants(paths: CoursePaths, lesson: int) -> tuple[Mutant, ...]:
    """Return every mutant of the solution of a lesson: seconds of work, done once."""
    return tuple(mutate(find_solution(paths, lesson)))


def mutate(app: Path) -> Iterator[Mutant]:
    """Yield every mutant of an app, in order of its files."""
    for path in sorted(path for path in app.rglob("*") if path.is_file()):
        file = path.relative_to(app)
        if not any(part in f"/{file.as_posix()}" for part in LEFT_OUT):
            content = path.read_bytes()
            yield from make_mutants(file.as_posix(), content, find_edits(file, content))


def find_solution(paths: CoursePaths, lesson: int) -> Path:
    """Return the folder of the whole app after a lesson."""
    return next(paths.solutions.glob(f"{lesson:02}-*"))


def find_edits(file: Path, content: bytes) -> Iterator[Edit]:
    """Yield the edits of one file, in no particular order."""
    if file.suffix == ".py":
        source = Source(content)
        edits = (
            e for node in source.list_nodes() for find in OPERATORS for e in find(source, node)
        )
        yield from (edit for edit in edits if is_python(edit.apply(content)))
    else:
        yield from find_line_edits(PurePosixPath(file.as_posix()), content)


OPERATORS = (*GENERAL, *DOMAIN)


def is_python(content: bytes) -> bool:
    """Tell whether a file can be read: what cannot is found by any test."""
    try:
        compile(content, "mutant", "exec")
    except SyntaxError:
        return False
    return True
