"""The databases of one run: the one that the app keeps, and others for a moment."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class by its nature

from checker.paths import CoursePaths
from checker.probes.postgres.database import Database, open_database
from checker.probes.postgres.proxy import DatabaseProxy
from checker.probes.postgres.server import Server, fetch, open_server
from checker.probes.postgres.watch import DatabaseWatch

TABLE_QUERY = """
    SELECT relname, array_agg(attname::text) FROM pg_class LEFT JOIN pg_attribute
    ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') GROUP BY relname
"""


@dataclass(frozen=True)
class DatabaseStock:
    """The databases of one run.

    Attributes:
        server: Where they are.
        main: The one that the shared backend keeps.
        counting, breaking, silencing: Other ways to `main`; what happens on one disturbs no other.
        connection: Looks into `main`; threads take turns on it.
    """

    server: Server
    main: Database
    counting: DatabaseProxy
    breaking: DatabaseProxy
    silencing: DatabaseProxy
    connection: Connection

    @property
    def ports(self) -> tuple[int, ...]:
        """Where an app finds its database, directly or not."""
        proxies = (self.counting, self.breaking, self.silencing)
        return (self.server.port, *(proxy.port for proxy in proxies))

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement in `main` as the server's own role, and return its rows."""
        return fetch(self.connection, statement, *values)

    def try_query(self, statement: str, *values: object) -> str:
        """Run a statement that the database may refuse; return its reason, empty if it did not."""
        try:
            self.query(statement, *values)
        except psycopg2.Error as error:
            return str(error).partition("\n")[0]
        return ""


@contextmanager
def open_stock(paths: CoursePaths, *, is_apart: bool = False) -> Iterator[DatabaseStock]:
    """Make the databases of a run, and drop them at the end.

    Args:
        paths: The folders of the course.
        is_apart: See `open_server`.

    Raises:
        ProbeError: there is no server, and none can be started.
    """
    with ExitStack() as stack:
        server = stack.enter_context(open_server(paths, is_apart=is_apart))
        if server.is_apart:  # whose apps these are is not known
            stack.enter_context(DatabaseWatch(stack.enter_context(closing(server.connect()))))
        main = stack.enter_context(open_database(server))
        counting, breaking, silencing = (
            stack.enter_context(DatabaseProxy(main.url)) for _ in range(3)
        )
        connection = main.connect()
        stack.callback(connection.close)
        yield DatabaseStock(server, main, counting, breaking, silencing, connection)


def query(database: Database, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run a statement over a connection of its own, and return its rows."""
    connection = database.connect()
    try:
        return fetch(connection, statement, *values)
    finally:
        connection.close()


def list_tables(database: Database) -> set[str]:
    """Return the names of the app's tables; the one that Alembic keeps for itself left out.

    Alembic's `version_table` may have another name; its one column has not.
    """
    return {name for name, columns in query(database, TABLE_QUERY) if columns != ["version_num"]}
