"""Give each run a database and a role of its own, and take them away after."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class by its nature

from checker.probes.postgres.server import Server

PREFIX = "run_"


@dataclass(frozen=True)
class Database:
    """A database that one run owns.

    Attributes:
        name: Of the database and of its role; holds the pid of the run.
    """

    server: Server
    name: str
    password: str

    @property
    def url(self) -> str:
        """The address as an app gets it in DATABASE_URL."""
        return self.server.build_url(self.name, self.password)

    def connect(self) -> Connection:
        """Open a connection as the server's own role, to look into the app's tables."""
        return self.server.connect(self.name)


@contextmanager
def open_database(server: Server) -> Iterator[Database]:
    """Make an empty database for this run, and drop it at the end."""
    drop_orphans(server)
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    database = Database(server, name, secrets.token_hex(16))
    make_database(server, name, database.password)
    try:
        yield database
    finally:
        drop(server, name)


def make_database(server: Server, name: str, password: str) -> None:
    """Make a database and the role that owns it and may nothing else."""
    identifier, secret = sql.Identifier(name), sql.Literal(password)
    server.run(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} CONNECTION LIMIT 120").format(identifier, secret),
        sql.SQL("GRANT {} TO CURRENT_USER").format(identifier),
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 STRATEGY wal_log").format(
            identifier, identifier
        ),
        sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(identifier),
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
