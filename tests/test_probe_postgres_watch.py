"""Strangers share one server: each has its own database, within limits, and nothing else."""

import sys
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import replace

import psycopg2
import pytest
from hostile import ROOT

from checker.paths import CoursePaths
from checker.probes.postgres.database import open_database
from checker.probes.postgres.server import open_server
from checker.probes.postgres.watch import DatabaseLimits, DatabaseWatch

PATHS = CoursePaths(ROOT, ROOT / "workspace", ROOT / ".cache")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no Unix socket")


@pytest.fixture
def apart(monkeypatch):
    """The embedded server, as it is reached from a network of one's own."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with open_server(PATHS), open_server(PATHS, is_apart=True) as server:
        yield server


def ask(url, statement):
    """Run a statement as the owner of a database."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def look(server, limits):
    """Let the watch look once."""
    with closing(server.connect()) as connection:
        DatabaseWatch(connection, limits).look()


def can_connect_soon(server):
    """Tell whether the server takes connections, at once or when sessions that end have ended."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(psycopg2.OperationalError):
            return server.fetch("SELECT 1") == [(1,)]
        time.sleep(0.05)
    return False


def test_database_is_reached_by_a_way_of_its_own(apart):
    with open_database(apart) as database:
        assert f":{apart.port}/" not in database.url
        assert ask(database.url, "SELECT current_database()") == [(database.name,)]


def test_who_looks_into_tables_has_no_more_rights_than_the_app(apart):
    with open_database(apart) as database:
        connection = database.connect()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('is_superuser'), session_user")
            assert cursor.fetchone() == ("off", database.name)
        connection.close()


def test_common_databases_are_closed(apart):
    with open_database(apart) as database:
        for name in ("postgres", "template1"):
            with pytest.raises(psycopg2.OperationalError, match="permission denied"):
                psycopg2.connect(f"{database.url.rpartition('/')[0]}/{name}")


def test_database_that_grows_too_large_is_shut(apart):
    with open_database(apart) as database:
        ask(database.url, "CREATE TABLE t AS SELECT repeat('x', 5000) FROM generate_series(1, 90)")
        look(apart, DatabaseLimits())
        assert ask(database.url, "SELECT count(*) FROM t") == [(90,)]
        look(apart, DatabaseLimits(size=1 << 10))
        with pytest.raises(psycopg2.OperationalError, match="not permitted to log in"):
            psycopg2.connect(database.url)


@pytest.mark.parametrize(
    ("statement", "limits"),
    [
        ("SELECT pg_advisory_lock(n) FROM generate_series(1, 200) n", DatabaseLimits(locks=100)),
        ("SELECT 1", DatabaseLimits(memory=1 << 10)),
    ],
)
def test_sessions_that_have_too_much_are_ended(apart, statement, limits):
    with open_database(apart) as database:
        connection = psycopg2.connect(database.url)
        with connection.cursor() as cursor:
            cursor.execute(statement)
            look(apart, DatabaseLimits())
            cursor.execute("SELECT 1")
            look(apart, limits)
            with pytest.raises(psycopg2.OperationalError):
                cursor.execute("SELECT 1")


def test_whoever_takes_every_lock_is_shut_out_while_nobody_can_connect(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    own = replace(PATHS, server="postgres-locks")  # no other test is to meet this
    with open_server(own), open_server(own, is_apart=True) as server, ExitStack() as stack:
        database = stack.enter_context(open_database(server))
        stack.enter_context(DatabaseWatch(stack.enter_context(closing(server.connect()))))
        connection = psycopg2.connect(database.url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            with pytest.raises(psycopg2.OperationalError):
                cursor.execute("SELECT pg_advisory_lock(n) FROM generate_series(1, 1000000) n")
            with pytest.raises(psycopg2.Error):  # it is ended now, unless it has been before
                cursor.execute("SELECT pg_sleep(30)")
        assert can_connect_soon(server)


def test_files_beside_the_database_are_limited(apart):
    with open_database(apart) as database:
        assert ask(database.url, "SHOW temp_file_limit") == [("256MB",)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(database.url, "SET temp_file_limit = -1")
