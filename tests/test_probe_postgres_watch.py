"""Strangers share one server: each has its own database, within limits, and nothing else."""

import sys

import psycopg2
import pytest
from hostile import ROOT

from checker.paths import CoursePaths
from checker.probes.postgres.database import open_database
from checker.probes.postgres.server import open_server
from checker.probes.postgres.watch import DatabaseWatch

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
        watch = DatabaseWatch(apart, most_bytes=1 << 30)
        watch.look()
        assert ask(database.url, "SELECT count(*) FROM t") == [(90,)]
        DatabaseWatch(apart, most_bytes=1 << 10).look()
        with pytest.raises(psycopg2.OperationalError, match="not permitted to log in"):
            psycopg2.connect(database.url)


def test_files_beside_the_database_are_limited(apart):
    with open_database(apart) as database:
        assert ask(database.url, "SHOW temp_file_limit") == [("256MB",)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(database.url, "SET temp_file_limit = -1")
