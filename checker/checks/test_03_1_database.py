"""L3.1: users live in the database, whichever way its address is spelled."""

import bcrypt
import psycopg2

from checker.checks.declare import check
from checker.checks.expect import expect, expect_status, shorten
from checker.checks.failure import CheckFailed
from checker.checks.fixtures import Changes, Variants
from checker.checks.steps import User, register, register_user, sign_in
from checker.judge.inputs import Inputs
from checker.judge.variables import SECRET
from checker.probes.backend import Backend, ProgramRun
from checker.probes.postgres.stock import DatabaseStock

DRIVER_STEP = (
    "SQLAlchemy takes a bare postgresql:// for psycopg 3, and does not know postgres://: put "
    "postgresql+psycopg2:// in front, in normalise_url."
)
ADDRESS_STEP = "Connect to the address in DATABASE_URL, and to no other; read it in settings.py."
UNREACHED = {  # what a log says of an app that does not reach its database, and what helps
    "No module named 'psycopg": DRIVER_STEP,
    "Can't load plugin: sqlalchemy.dialects": DRIVER_STEP,
    "NotImplementedError: L3.1": "Write what the TODO of L3.1 asks for, and take its lines away.",
    "connection to server at": ADDRESS_STEP,
    "could not translate host name": ADDRESS_STEP,
    "Could not parse SQLAlchemy URL": ADDRESS_STEP,
}


def list_variants(databases: DatabaseStock) -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    url = databases.main.url
    return {
        "postgres_scheme": {"DATABASE_URL": url.replace("postgresql://", "postgres://")},
        "second_process": {},
    }


@check("L3.1", points=2, needs=("app_starts",))
def test_app_reaches_database(backend: Backend, inputs: Inputs, migration: ProgramRun) -> None:
    """The app and its migrations reach the database that DATABASE_URL names."""
    answer = sign_in(backend, inputs.make_email(), inputs.make_password())
    expected = "the app and its migrations to reach the database that DATABASE_URL names"
    if migration.code != 0:
        expect_reached(expected, migration.output, migration.excerpt)
    expect_reached(expected, answer.log, answer.log)
    expect(
        answer.status != 503,
        expected=expected,
        got=f"503 to {answer}",
        next_step=ADDRESS_STEP,
        answer=answer,
    )


def expect_reached(expected: str, output: str, excerpt: str) -> None:
    """Expect no word in the output of an app or a migration that did not reach its database."""
    for sign, step in UNREACHED.items():
        if sign in output:
            line = next(line for line in output.splitlines() if sign in line)
            raise CheckFailed(
                expected=expected, got=shorten(line.strip()), next_step=step, log=excerpt
            )


@check("L3.1", points=2, needs=("register_creates_user",))
def test_users_are_in_database(backend: Backend, inputs: Inputs, databases: DatabaseStock) -> None:
    """A registered user is a row of the table user, with a bcrypt hash of BCRYPT_ROUNDS."""
    email, password = inputs.make_email(), inputs.make_password()
    expect_status(register(backend, email, password), 201, "See the checks of L2.3.")
    rows = databases.query('SELECT hashed_password FROM "user" WHERE lower(email) = %s', email)
    expect(
        len(rows) == 1,
        expected=f"one row of the table user with the e-mail address {email}",
        got=f"{len(rows)} rows",
        next_step="Add the user to the session and commit it in backend/app/services/users.py.",
    )
    stored = read_text(rows[0][0])
    expect(
        stored.startswith(("$2a$04$", "$2b$04$", "$2y$04$")) and is_hash_of(stored, password),
        expected="hashed_password to be the bcrypt hash of the password, with BCRYPT_ROUNDS=4",
        got=shorten(f"{stored[:7]}…"),
        next_step="Store what hash_password(password, settings.bcrypt_rounds) returns.",
    )


@check("L3.1", points=2, needs=("users_are_in_database",))
def test_data_survives_restart(backend: Backend, inputs: Inputs, variants: Variants) -> None:
    """Another process of the app knows the user, and takes the token."""
    user = register_user(backend, inputs)
    other = variants.open("second_process")
    step = "Keep nothing in the process: every user and task comes from the database."
    expect_status(sign_in(other, user.email, user.password), 200, step)
    expect_status(other.get("/api/auth/me", token=user.token), 200, step)


@check("L3.1", points=1, needs=("users_are_in_database",))
def test_both_spellings_of_the_address(inputs: Inputs, variants: Variants) -> None:
    """DATABASE_URL may begin with postgres:// as well as with postgresql://."""
    backend = variants.open("postgres_scheme")
    answer = register(backend, inputs.make_email(), inputs.make_password())
    expect_status(answer, 201, "Put the driver's scheme in front, whichever the address had.")


@check("L3.1", points=2, needs=("data_survives_restart",))
def test_one_winner_across_processes(
    backend: Backend, inputs: Inputs, variants: Variants, databases: DatabaseStock
) -> None:
    """The database itself refuses a second user of one address, in any spelling."""
    email = inputs.make_email()
    expect_status(register(backend, email.upper(), inputs.make_password()), 201, "See L2.3.")
    answer = register(variants.open("second_process"), email, inputs.make_password())
    expect_status(answer, 409, "Turn the database's IntegrityError into EmailTakenError.")
    expect(
        is_refused(databases, email),
        expected="a unique index on the e-mail address, which no second row gets past",
        got="a second row with the same address",
        next_step="Add a unique index on lower(email) to the table user, and migrate.",
    )


@check("L3.1", points=2, needs=("users_are_in_database",))
def test_deleted_user_is_401(backend: Backend, inputs: Inputs, databases: DatabaseStock) -> None:
    """The token of a user who was deleted answers 401."""
    user = register_user(backend, inputs)
    answer = backend.get("/api/auth/me", token=user.token)
    expect_status(answer, 200, "See the checks of L2.6.")
    error = databases.try_query('DELETE FROM "user" WHERE lower(email) = %s', user.email)
    expect(
        not error,
        expected="the row of a user to be deletable",
        got=error,
        next_step='Give each foreign key to the table user ondelete="CASCADE", and migrate.',
    )
    answer = backend.get("/api/auth/me", token=user.token)
    expect_status(answer, 401, "Look the user up in the database on every request.")


@check("L3.1", points=1, needs=("users_are_in_database",))
def test_log_holds_no_secret(
    backend: Backend, user: User, databases: DatabaseStock, secret: str
) -> None:
    """The app's log shows no password, no hash, no token and no key."""
    answer = sign_in(backend, user.email, user.password)
    expect_status(answer, 200, "See the checks of L2.5.")
    log = backend.process.output.read_since()
    row = databases.query('SELECT hashed_password FROM "user" WHERE lower(email) = %s', user.email)
    secrets = {
        "a password": user.password,
        "a password's hash": read_text(row[0][0]),
        "a token": user.token,
        SECRET: secret,
        "the database's password": databases.main.password,
    }
    shown = [name for name, value in secrets.items() if value in log]
    expect(
        not shown,
        expected="nothing secret in the app's output",
        got=f"{', '.join(shown)} in it",
        next_step="Create the engine without echo=True, and log no values of requests.",
    )


def read_text(value: object) -> str:
    """Return what a column holds as text: bcrypt makes bytes, and some apps store them so."""
    return bytes(value).decode("utf-8", "replace") if isinstance(value, memoryview) else str(value)


def is_hash_of(stored: str, password: str) -> bool:
    """Tell whether a stored hash is bcrypt's of this password."""
    try:
        return bcrypt.checkpw(password.encode(), stored.encode())
    except ValueError:
        return False


def is_refused(databases: DatabaseStock, email: str) -> bool:
    """Tell whether the database refuses a copy of a user's row, its address in lower case."""
    columns = [
        name
        for (name,) in databases.query(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = 'user' AND table_schema = 'public' AND column_name <> 'id' "
            "AND is_generated = 'NEVER' AND is_identity = 'NO'"
        )
    ]
    quoted = ", ".join(f'"{name}"' for name in columns)
    copied = quoted.replace('"email"', "lower(email)")
    try:
        databases.query(
            f'INSERT INTO "user" (id, {quoted}) '  # noqa: S608 - names from the catalogue, quoted
            f'SELECT gen_random_uuid()::text::uuid, {copied} FROM "user" WHERE lower(email) = %s',
            email,
        )
    except psycopg2.errors.UniqueViolation:
        return True
    databases.query('DELETE FROM "user" WHERE lower(email) = %s', email)
    return False
