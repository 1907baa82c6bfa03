"""The proxy in front of a database: it counts, cuts, falls silent, and mends."""

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from checker.paths import CoursePaths
from checker.probes.postgres.database import open_database
from checker.probes.postgres.proxy import DatabaseProxy
from checker.probes.postgres.server import lease_server

ROOT = Path(__file__).resolve().parent.parent
PATHS = CoursePaths(root=ROOT, workspace=ROOT / "workspace", cache=ROOT / ".cache")


@pytest.fixture
def proxy() -> Iterator[DatabaseProxy]:
    """A proxy in front of an empty database."""
    with (
        lease_server(PATHS) as server,
        open_database(server) as database,
        DatabaseProxy(database.url) as proxy,
    ):
        yield proxy


def ask(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()


def test_statements_are_counted(proxy):
    connection = psycopg2.connect(proxy.url)
    connection.autocommit = True
    before = proxy.statements
    assert [ask(connection) for _ in range(3)] == [(1,)] * 3
    assert proxy.statements - before == 3
    connection.close()


def test_cut_breaks_and_refuses_until_it_is_mended(proxy):
    connection = psycopg2.connect(proxy.url)
    proxy.cut()
    with pytest.raises(psycopg2.OperationalError):
        ask(connection)
    with pytest.raises(psycopg2.OperationalError, match="refused"):
        psycopg2.connect(proxy.url)
    proxy.mend()
    assert ask(psycopg2.connect(proxy.url)) == (1,)


def test_silence_breaks_and_answers_nobody_until_it_is_mended(proxy):
    connection = psycopg2.connect(proxy.url)
    proxy.silence()
    with pytest.raises(psycopg2.OperationalError):
        ask(connection)
    with pytest.raises(psycopg2.OperationalError, match="timeout expired"):
        psycopg2.connect(proxy.url, connect_timeout=2)
    proxy.mend()
    assert ask(psycopg2.connect(proxy.url)) == (1,)


def test_proxy_ends_while_it_is_silent(proxy):
    proxy.silence()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(proxy.url, connect_timeout=2)
