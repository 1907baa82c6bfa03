"""L3.2: the tables are what the contract says, and go with their user."""

from checker.checks.declare import check
from checker.checks.expect import expect, expect_status
from checker.checks.steps import COUNT_TASKS, add_task, register_user
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.postgres.stock import DatabaseStock

COLUMNS = {
    "user": {"id", "email", "name", "hashed_password", "created_at"},
    "task": {"id", "user_id", "title", "description", "status", "created_at", "updated_at"},
}
CASCADE_STEP = 'Give the foreign key ondelete="CASCADE", in the model and in the migration.'
COMMIT_STEP = "No task was in the table at all: commit the session after adding one."
COLUMN_QUERY = (
    "SELECT column_name, data_type FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name = %s"
)
KEY_QUERY = (
    "SELECT array_agg(a.attname::text) FROM pg_index i "
    "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
    "WHERE i.indrelid = %s::regclass AND i.indisprimary"
)
INDEX_QUERY = (
    "SELECT count(*) FROM pg_index i "
    "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
    "WHERE i.indrelid = 'task'::regclass AND a.attname = 'user_id'"
)


@check("L3.2", points=2, needs=("migrations_build_tables",))
def test_columns_are_as_agreed(databases: DatabaseStock) -> None:
    """The tables user and task have the columns of the contract, and id as their key."""
    for table, wanted in COLUMNS.items():
        types = dict(databases.query(COLUMN_QUERY, table))
        missing = sorted(wanted - set(types))
        expect(
            not missing,
            expected=f"the columns {', '.join(sorted(wanted))} in the table {table}",
            got=f"no {', '.join(missing)}",
            next_step=f"Add what is missing to the model of {table}, and migrate.",
        )
        expect(
            types["created_at"].startswith("timestamp"),
            expected=f"{table}.created_at to be a timestamp",
            got=str(types["created_at"]),
            next_step="Declare it as DateTime(timezone=True).",
        )
        key = databases.query(KEY_QUERY, f'"{table}"')[0][0]
        expect(
            key == ["id"],
            expected=f"id to be the primary key of {table}",
            got=", ".join(key or ["no primary key"]),
            next_step="Mark id with primary_key=True, in the model and in the migration.",
        )


@check("L3.2", points=1, needs=("columns_are_as_agreed",))
def test_list_has_an_index(databases: DatabaseStock) -> None:
    """An index of the table task begins with user_id, so that a list reads one user's rows."""
    expect(
        databases.query(INDEX_QUERY)[0][0] > 0,
        expected="an index on task that begins with user_id",
        got="none",
        next_step='Add Index("…", "user_id", "created_at") to the table, and migrate.',
    )


@check("L3.2", points=2, needs=("create_task_answers_201",))
def test_deleting_a_user_takes_the_tasks(
    backend: Backend, inputs: Inputs, databases: DatabaseStock
) -> None:
    """Deleting a user in the database deletes the user's tasks, and nobody else's."""
    user, other = register_user(backend, inputs), register_user(backend, inputs)
    for owner in (user, other):
        expect_status(add_task(backend, owner, inputs.make_title()), 201, "See L3.4.")
    error = databases.try_query('DELETE FROM "user" WHERE lower(email) = %s', user.email)
    expect(
        not error,
        expected="the row of a user who has tasks to be deletable",
        got=error,
        next_step=CASCADE_STEP,
    )
    left = databases.query(COUNT_TASKS, user.id)[0][0]
    kept = databases.query(COUNT_TASKS, other.id)[0][0]
    expect(
        (left, kept) == (0, 1),
        expected="no task of the deleted user, and the other user's task still there",
        got=f"{left} tasks of the deleted user, {kept} of the other",
        next_step=COMMIT_STEP if (left, kept) == (0, 0) else CASCADE_STEP,
    )
