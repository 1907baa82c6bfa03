"""Give each run a database and a role of its own, and take them away after."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import psutil
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class by its nature

from checker.probes.postgres.proxy import DatabaseProxy
from checker.probes.postgres.server import Server
from checker.probes.postgres.watch import limit_role

PREFIX = "run_"
ZONE = "Asia/Kolkata"  # of which nobody can think that it is UTC


@dataclass(frozen=True)
class Database:
    """A database that one run owns.

    Attributes:
        name: Of the database and of its role; holds the pid of the run.
        port: Of the way to it that we made, 0 when there is none.
    """

    server: Server
    name: str
    password: str
    port: int = 0

    @property
    def url(self) -> str:
        """The address as an app gets it in DATABASE_URL."""
        return self.server.build_url(self.name, self.password, self.port)

    def connect(self) -> Connection:
        """Open a connection as the app's own role, to look into its tables.

        What looks like a table may be a view, and what a view calls has the rights of who looks.
        """
        return self.server.connect_as(self.name, self.password, self.name)


@contextmanager
def open_database(server: Server) -> Iterator[Database]:
    """Make an empty database for this run, and drop it at the end."""
    drop_orphans(server)
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    database = Database(server, name, secrets.token_hex(16))
    make_database(server, name, database.password)
    try:
        if not server.is_apart:
            yield database
            return
        limit_role(server, name)
        with DatabaseProxy(database.url, server.socket) as way:
            yield replace(database, port=way.port)
    finally:
        drop(server, name)


def make_database(server: Server, name: str, password: str) -> None:
    """Make a database and the role that owns it and may nothing else.

    Its time zone is not UTC, wherever the server stands: an app has to see to that itself.
    """
    identifier, secret = sql.Identifier(name), sql.Literal(password)
    server.run(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} CONNECTION LIMIT 120").format(identifier, secret),
        sql.SQL("GRANT {} TO CURRENT_USER").format(identifier),
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 STRATEGY wal_log").format(
            identifier, identifier
        ),
        sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(identifier),
        sql.SQL("ALTER DATABASE {} SET timezone TO {}").format(identifier, sql.Literal(ZONE)),
    )


def drop(server: Server, name: str) -> None:
    """Drop a run's database and role; connections that are left are cut."""
    identifier = sql.Identifier(name)
    server.run(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier),
        sql.SQL("DROP ROLE IF EXISTS {}").format(identifier),
    )


def drop_orphans(server: Server) -> None:
    """Drop what runs left behind that were killed."""
    rows = server.fetch("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", f"{PREFIX}%")
    for (name,) in rows:
        if not psutil.pid_exists(int(name.split("_")[1])):
            with suppress(psycopg2.Error):  # another run dropped it first
                drop(server, name)
