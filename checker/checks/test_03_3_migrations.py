"""L3.3: migrations build the tables, agree with the models, and can be undone."""

import re
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass

import psycopg2

from checker.checks.declare import check, in_background
from checker.checks.expect import expect, shorten
from checker.checks.failure import CheckFailed
from checker.checks.fixtures import Observations
from checker.checks.steps import register
from checker.errors import ProbeError
from checker.judge.inputs import Inputs
from checker.judge.variables import DATABASE
from checker.probes.backend import (
    BackendProbe,
    BrokenExchangeError,
    NotStartedError,
    ProgramRun,
)
from checker.probes.postgres.database import Database, open_database
from checker.probes.postgres.stock import DatabaseStock, list_tables, query
from checker.probes.project import Project

MOST_STEPS = 20
COLUMNS = {"id", "email", "name", "hashed_password", "created_at"}
COLUMN_QUERY = (
    "SELECT column_name FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name = 'user'"
)
STEPS = {  # what Alembic says when it cannot begin, and what helps
    "script_location": "Put alembic.ini back into backend/: it tells where the migrations are.",
    "Path doesn't exist": "Put the folder of migrations back: alembic.ini names it.",
    "No module named 'alembic'": "Name alembic in backend/requirements.txt.",
    "Multiple head revisions": "Let each migration follow another one: two name the same parent.",
    "is not present": "Correct down_revision: it names a migration that is not there.",
    'extension "': "Do without it: the checks' PostgreSQL has no extensions. gen_random_uuid() is "
    "built in, and an index on lower(email) does what citext would.",
}
DIFFERENCE = re.compile(r"New upgrade operations detected: (.+)", re.DOTALL)
NOTHING_NEW = "No new upgrade operations detected"
KEPT = {  # a user, as PostgreSQL reads it
    "id": "00000000-0000-4000-8000-000000000001",
    "email": "kept@example.com",
    "name": "Kept",
    "hashed_password": "$2b$04$" + 53 * "k",
    "created_at": "now",
}
NEEDED_QUERY = """
    SELECT column_name, split_part(data_type, ' ', 1),
        coalesce(
            (SELECT min(enumlabel) FROM pg_enum JOIN pg_type t ON t.oid = enumtypid
            WHERE t.typname = udt_name),
            (SELECT min(substring(pg_get_constraintdef(oid) from '''([^'']*)'''))
            FROM pg_constraint WHERE contype = 'c' AND conrelid = 'public."user"'::regclass
            AND strpos(pg_get_constraintdef(oid), column_name) > 0))
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = 'user' AND is_nullable = 'NO'
        AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'
"""
ANY = {  # a value of each type that takes no 0
    "ARRAY": "{}",
    "json": "{}",
    "jsonb": "{}",
    "boolean": "true",
    "uuid": KEPT["id"],
    "date": "now",
    "time": "now",
    "timestamp": "now",
}


@dataclass(frozen=True)
class Journey:
    """A database that met the app empty, went up step by step, down to nothing, and up again.

    Attributes:
        made: The tables that the app made.
        up: `alembic upgrade head` with a row in place.
        kept: Rows that were there before the last steps up, and after them.
        obstacle: Why there was none before; empty when there was one.
        down: `alembic downgrade base`.
        left: The tables that were left at the bottom.
        again: `alembic upgrade head`, the second time.
        tables: The tables that were there at the end.
    """

    made: set[str]
    up: ProgramRun
    kept: tuple[int, int]
    obstacle: str
    down: ProgramRun
    left: set[str]
    again: ProgramRun
    tables: set[str]


@in_background()
def compare(
    probe: BackendProbe, databases: DatabaseStock, migrating: Future[ProgramRun]
) -> ProgramRun:
    """Compare the models with the main database, once it has been built from nothing."""
    migrating.result()
    return probe.run_alembic(databases.main.url, "check")


@in_background()
def travel(probe: BackendProbe, databases: DatabaseStock, inputs: Inputs) -> Journey:
    """Take a database of its own up, down and up again, after the app has met it empty."""
    with ExitStack() as stack:
        database = stack.enter_context(open_database(databases.server))
        made = meet_app(probe, database, inputs)
        if made:  # they would stand in the way of the migrations, which are not to blame
            database = stack.enter_context(open_database(databases.server))
        obstacle = climb_until_users(probe, database)
        before = count_users(database)
        up = probe.run_alembic(database.url, "upgrade", "head")
        after = count_users(database)
        down = probe.run_alembic(database.url, "downgrade", "base")
        left = list_tables(database)
        again = probe.run_alembic(database.url, "upgrade", "head")
        kept, tables = (before, after), list_tables(database)
        return Journey(made, up, kept, obstacle, down, left, again, tables)


def meet_app(probe: BackendProbe, database: Database, inputs: Inputs) -> set[str]:
    """Start the app on a database and ask it for something; return the tables that are there then.

    An app may refuse to start before its tables are there.
    """
    address = {DATABASE: database.url}
    process = probe.launch(address)
    with suppress(NotStartedError, BrokenExchangeError):
        backend = probe.connect(process, address)
        register(backend, inputs.make_email(), inputs.make_password())
    process.kill()
    return list_tables(database)


def climb_until_users(probe: BackendProbe, database: Database) -> str:
    """Take single steps up until there is a table of users, and add one; say why none was added."""
    for _ in range(MOST_STEPS):
        if {name for (name,) in query(database, COLUMN_QUERY)} >= COLUMNS:
            return add_user(database)
        step = probe.run_alembic(database.url, "upgrade", "+1")
        if step.code != 0:
            return f"alembic upgrade +1: {step.ending}"
    return f"{MOST_STEPS} times alembic upgrade +1 made no table user with the agreed columns"


def add_user(database: Database) -> str:
    """Add a row, with something in each column that must not be empty; say why it was refused."""
    values = {
        name: label or ANY.get(kind, "0") for name, kind, label in query(database, NEEDED_QUERY)
    } | KEPT
    names, places = ", ".join(f'"{name}"' for name in values), ", ".join("%s" for _ in values)
    try:
        query(
            database,
            f'INSERT INTO "user" ({names}) VALUES ({places})',  # noqa: S608 - from the catalogue
            *values.values(),
        )
    except psycopg2.Error as error:
        return str(error).partition("\n")[0]
    return ""


def count_users(database: Database) -> int:
    """Return the number of rows in the table of users."""
    if "user" not in list_tables(database):
        return 0
    return int(query(database, 'SELECT count(*) FROM "user"')[0][0])


@check("L3.3", points=1, needs=("app_reaches_database",))
def test_users_table_is_built(migration: ProgramRun, databases: DatabaseStock) -> None:
    """`alembic upgrade head` ends well in an empty database, and builds the table user."""
    expect_done(migration, "alembic upgrade head", choose_step(migration))
    missing = sorted(COLUMNS - {name for (name,) in databases.query(COLUMN_QUERY)})
    expect(
        not missing,
        expected=f"the table user with {', '.join(sorted(COLUMNS))} after alembic upgrade head",
        got=f"no {', '.join(missing)}",
        next_step="Make the table of users, with these columns, in the first migration.",
    )


def choose_step(run: ProgramRun) -> str:
    """Return what helps when migrations do not run to their end."""
    if run.code is None:
        return "Look for what waits: a lock that another connection of the migration holds, a loop."
    for sign, step in STEPS.items():
        if sign in run.output:
            return step
    return "Mend the migration that the lines below name."


@check("L3.3", points=2, needs=("users_table_is_built",))
def test_migrations_build_tables(project: Project, databases: DatabaseStock) -> None:
    """`alembic upgrade head` builds the table task beside the table user."""
    step = "Write the migration that makes it, after the one that makes the table user."
    if stubs := [name for name, text in project.texts.items() if "TODO L3.3" in text]:
        step = f"{stubs[0]} still has its TODO: make the table there with op.create_table."
    expect(
        "task" in list_tables(databases.main),
        expected="the table task after alembic upgrade head",
        got=f"the tables {', '.join(sorted(list_tables(databases.main)))}",
        next_step=step,
    )


@check("L3.3", points=2, needs=("migrations_build_tables",))
def test_migrations_agree_with_models(observations: Observations) -> None:
    """`alembic check` finds no difference between the migrations and the models."""
    found = observations.wait_for(compare)
    step = "Write what it names into a migration, or take it out of the model."
    if "remove_table" in found.output:
        step = (
            "Alembic does not know the model of that table: import its module in "
            "migrations/env.py. Make no migration now: it would drop the table."
        )
    if difference := DIFFERENCE.search(found.output):
        raise CheckFailed(
            expected="no difference between the tables that migrations build and the models",
            got=f"alembic check names one: {shorten(difference[1])}",
            next_step=step,
            log=found.excerpt,
        )
    expect_done(found, "alembic check", "Let alembic check run: the lines below say what is wrong.")
    expect(
        NOTHING_NEW in found.output,
        expected=f'alembic check to print "{NOTHING_NEW}"',
        got=shorten(found.output) or "nothing",
        next_step="Let migrations/env.py run every command, and let Alembic log to the terminal.",
    )


@check("L3.3", points=2, needs=("migrations_build_tables",))
def test_migrations_can_be_undone(observations: Observations) -> None:
    """`alembic downgrade base` undoes everything, and `upgrade head` builds it again."""
    seen = observations.wait_for(travel)
    expect_done(seen.down, "alembic downgrade base", "Undo in downgrade() what upgrade() does.")
    expect(
        not seen.left,
        expected="no table after alembic downgrade base",
        got=", ".join(sorted(seen.left)),
        next_step="Drop in downgrade() every table that upgrade() makes.",
    )
    expect_done(seen.again, "alembic upgrade head, after that", "Leave nothing on the way down.")
    expect(
        seen.tables >= {"user", "task"},
        expected="the tables user and task again after alembic upgrade head",
        got=", ".join(sorted(seen.tables)) or "no table",
        next_step="Leave nothing on the way down, so that the way up makes it all again.",
    )


@check("L3.3", points=1, needs=("migrations_build_tables",))
def test_migrations_keep_rows(observations: Observations) -> None:
    """Users who were there before the later migrations are there after them."""
    seen = observations.wait_for(travel)
    before, after = seen.kept
    step = "Give a new column that may not be null a server_default, for the rows that are there."
    expect_done(seen.up, "alembic upgrade head, with a user in the table", step)
    if seen.obstacle:
        raise ProbeError(
            f"no user could be put into the table before the last migrations: {seen.obstacle}",
            "Tell the course's maintainers: your migrations may be right all the same.",
        )
    expect(
        before == after == 1,
        expected="the one user who was there to be there after alembic upgrade head",
        got=f"{before} before, {after} after",
        next_step="Change tables with op.add_column and the like; do not drop and make them anew.",
    )


@check("L3.3", points=1, needs=("migrations_build_tables",))
def test_app_does_not_migrate(observations: Observations) -> None:
    """The app makes no table: only migrations do."""
    made = observations.wait_for(travel).made
    expect(
        not made,
        expected="an empty database to be empty after the app was started and asked",
        got=f"the tables {', '.join(sorted(made))}",
        next_step="Take create_all out of the app: it would hide a missing migration.",
    )


def expect_done(run: ProgramRun, command: str, next_step: str) -> None:
    """Expect a command to have ended well."""
    if run.code != 0:
        raise CheckFailed(
            expected=f"{command} to end with exit code 0",
            got=run.ending,
            next_step=next_step,
            log=run.excerpt,
        )
