"""Give each run a database and a role of its own, and take them away after."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import psycopg2
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
        return f"postgresql://{self.name}:{self.password}@127.0.0.1:{self.server.state.port}/{self.name}"

    def connect(self) -> Connection:
        """Open a connection as the superuser, to look into the app's tables."""
        return self.server.connect(self.name)


@contextmanager
def open_database(server: Server) -> Iterator[Database]:
    """Make an empty database for this run, and drop it at the end."""
    drop_orphans(server)
    database = Database(
        server, f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}", secrets.token_hex(16)
    )
    make_role(database)
    try:
        server.run("CREATE DATABASE {} OWNER {} STRATEGY wal_log", database.name, database.name)
        server.run("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", database.name)
        yield database
    finally:
        drop(server, database.name)


def make_role(database: Database) -> None:
    """Make the role that owns the database and may nothing else."""
    connection = database.server.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f'CREATE ROLE "{database.name}" LOGIN PASSWORD %s CONNECTION LIMIT 120',
                (database.password,),
            )
    finally:
        connection.close()


def drop(server: Server, name: str) -> None:
    """Drop a run's database and role; connections that are left are cut."""
    server.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    server.run("DROP ROLE IF EXISTS {}", name)


def drop_orphans(server: Server) -> None:
    """Drop what runs left behind that were killed."""
    connection = server.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", (f"{PREFIX}%",))
            names = [row[0] for row in cursor.fetchall()]
    finally:
        connection.close()
    for name in names:
        if not psutil.pid_exists(int(name.split("_")[1])):
            try:
                drop(server, name)
            except psycopg2.Error:
                continue  # another run dropped it first
