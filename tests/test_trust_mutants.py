"""Mutants are small changes that matter, and those that nobody finds are explained."""

from pathlib import Path

import msgspec
import pytest
from apps.build_app import ROOT
from verdicts import make_verdict

from checker.paths import CoursePaths
from checker.trust.counting import count_mutants
from checker.trust.edits import Edit, make_mutants
from checker.trust.excuses import EXCUSES, Excuse, Why, read_excuses
from checker.trust.figures import Score
from checker.trust.mutants import find_edits, list_mutants

PATHS = CoursePaths.find()
ROUTE = b"""@router.get("/x", status_code=status.HTTP_404_NOT_FOUND)
def read(user: Annotated[User, Depends(who)], n: int | None = 1):
    \"\"\"Read.\"\"\"
    page = select(Task).where(Task.id == n, Task.user_id == user.id)
    with lock:
        session.rollback()
    return page and not n
"""
CORS = b"""
async def f(app):
    app.add_middleware(CORS, allow_origins=listed)
    await wait(f"{n} of 3")
"""


def list_added(content, name="x.py"):
    """Return the lines that mutants have in the place of others, with the operator."""
    mutants = list(make_mutants(name, content, find_edits(Path(name), content)))
    assert len({mutant.id for mutant in mutants}) == len(mutants)
    return {
        (mutant.operator, line[1:].strip())
        for mutant in mutants
        for line in mutant.change.splitlines()
        if line.startswith("+")
    }


@pytest.mark.parametrize(
    "expected",
    [
        ("status", '@router.get("/x", status_code=status.HTTP_403_FORBIDDEN)'),
        ("part", '@router.get("/x")'),
        ("annotation", "def read(user: User, n: int | None = 1):"),
        ("event loop", "async def read(user: Annotated[User, Depends(who)], n: int | None = 1):"),
        ("condition", "page = select(Task).where(Task.id == n)"),
        ("condition", "page = select(Task).where(Task.user_id == user.id)"),
        ("step", "page = select(Task)"),
        ("compare", "page = select(Task).where(Task.id != n, Task.user_id == user.id)"),
        ("guard", "with open(__file__):"),
        ("statement", "pass"),
        ("statement", "return None"),
        ("compare", "return page or not n"),
        ("negate", "return page and n"),
        ("constant", "def read(user: Annotated[User, Depends(who)], n: int | None = 2):"),
    ],
)
def test_mutants_of_a_route(expected):
    assert expected in list_added(ROUTE)


def test_mutants_leave_types_and_texts_with_fields_alone():
    lines = {line for _, line in list_added(ROUTE)}
    assert not any("int & None" in line or "int + None" in line for line in lines)
    assert ("cors", 'app.add_middleware(CORS, allow_origins=["*"])') in list_added(CORS)
    assert ("await", 'wait(f"{n} of 3")') in list_added(CORS)
    assert not any("of 4" in line for _, line in list_added(CORS))


def test_mutants_of_container_files():
    dockerfile = b"FROM python:3.13-slim\nRUN a \\\n  b\nUSER 1000\n"
    added = list_added(dockerfile, "Dockerfile")
    assert {("root", "USER 0"), ("tag", "FROM python:latest")} <= added
    compose = b"services:\n  db:\n    healthcheck:\n      test: x\n    image: p\n"
    mutants = make_mutants("c", compose, find_edits(Path("docker-compose.yml"), compose))
    assert b"services:\n  db:\n    image: p\n" in {mutant.content for mutant in mutants}


def test_mutants_of_pages():
    page = b"""
    if (isRunning.current) return;
    headers.set('Authorization', token);
    throw new ApiError(400);
    return <p role="alert" aria-live={now}>{text}</p>;
"""
    changes = {m.change for m in make_mutants("p", page, find_edits(Path("p.tsx"), page))}
    assert "-    headers.set('Authorization', token);" in changes
    assert "-    if (isRunning.current) return;" in changes
    assert any("+    console.warn(new ApiError(400));" in change for change in changes)
    assert any("+    return <p aria-live={now}>" in change for change in changes)


def test_mutants_that_do_not_build_are_not_counted():
    mutants = list(make_mutants("x.py", ROUTE, find_edits(Path("x.py"), ROUTE)))[:2]
    unbuilt = msgspec.structs.replace(make_verdict(1), first="frontend_builds")
    verdicts = {mutants[0].id: unbuilt, mutants[1].id: make_verdict(1)}
    counted = count_mutants(mutants, verdicts, (), None, {})
    assert (counted.judged, counted.killed, counted.unbuilt) == (1, 1, 1)


def test_counts_of_mutants_and_their_first_score():
    mutants = list(make_mutants("x.py", ROUTE, find_edits(Path("x.py"), ROUTE)))[:4]
    codes = dict(zip([mutant.id for mutant in mutants], (1, 0, 0, 2), strict=True))
    verdicts = {name: make_verdict(code) for name, code in codes.items()}
    excuse = Excuse("x.py", mutants[1].change, Why.EQUIVALENT, "x", mutants[1].operator)
    later = {mutants[2].id: 3}
    counted = count_mutants(mutants, verdicts, (excuse,), Score(1, 4), later)
    assert (counted.judged, counted.killed, counted.undecided) == (3, 1, 1)
    assert (counted.excused, counted.score, counted.first) == (2, 1.0, Score(1, 4))


def test_mutant_keeps_its_id_when_lines_are_added_above():
    moved = b"import os\n\n" + ROUTE
    ids = [
        {m.id for m in make_mutants("x.py", c, find_edits(Path("x.py"), c))} for c in (ROUTE, moved)
    ]
    assert ids[0] <= ids[1]


def test_every_excuse_fits_a_mutant():
    mutants = [mutant for lesson in range(1, 8) for mutant in list_mutants(PATHS, lesson)]
    unused = [e for e in read_excuses(ROOT / EXCUSES) if not any(e.fits(m) for m in mutants)]
    assert unused == []


def test_an_excuse_for_some_lines_is_none_for_a_change_that_holds_them():
    first, second, *_ = ROUTE.splitlines(keepends=True)
    cuts = (Edit("line", 0, len(text), b"") for text in (first, first + second))
    line, more = make_mutants("x", ROUTE, cuts)
    excuse = Excuse("x", line.change, Why.FREE, "x")
    assert (excuse.fits(line), excuse.fits(more)) == (True, True)
    strict = msgspec.structs.replace(excuse, is_all=True)
    assert (strict.fits(line), strict.fits(more)) == (True, False)
