"""Which database is used: the embedded one, the caller's own, or none with a plain reason."""

import shutil
from pathlib import Path

import pytest
from clusters import remove_cluster

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.postgres.database import open_database
from checker.probes.postgres.given import parse
from checker.probes.postgres.server import lease_server, open_server

ROOT = Path(__file__).resolve().parent.parent
PATHS = CoursePaths(root=ROOT, workspace=ROOT / "workspace", cache=ROOT / ".cache")


def build_admin_url(server, password=None):
    return f"postgresql://{server.user}:{password or server.password}@{server.host}:{server.port}"


def test_given_server_gets_databases_beside_its_own(monkeypatch):
    with lease_server(PATHS) as embedded, open_database(embedded) as theirs:
        monkeypatch.setenv("DATABASE_URL", f"{build_admin_url(embedded)}/{theirs.name}")
        with open_server(PATHS) as given, open_database(given) as database:
            assert given.database == theirs.name
            assert database.name != theirs.name
        assert embedded.fetch("SELECT 1 FROM pg_database WHERE datname = %s", theirs.name)
        assert not embedded.fetch("SELECT 1 FROM pg_database WHERE datname = %s", database.name)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://root@127.0.0.1/app", "mysql database"),
        ("postgresql://me@127.0.0.1:99999/app", "no address"),
        ("postgresql://me@127.0.0.1:1/app", "cannot be used"),
    ],
)
def test_given_address_that_cannot_be_used_is_told(monkeypatch, url, reason):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ProbeError, match=reason), open_server(PATHS):
        pass


def test_given_server_with_a_wrong_password_is_told(monkeypatch):
    with lease_server(PATHS) as embedded:
        monkeypatch.setenv("DATABASE_URL", build_admin_url(embedded, "wrong"))
        refused = pytest.raises(ProbeError, match="password authentication failed")
        with refused, open_server(PATHS):
            pass


def test_given_role_that_may_not_create_databases_is_told(monkeypatch):
    with lease_server(PATHS) as embedded, open_database(embedded) as mine:
        monkeypatch.setenv("DATABASE_URL", mine.url)
        with pytest.raises(ProbeError, match="may not create databases"), open_server(PATHS):
            pass


def test_address_is_taken_apart():
    server = parse("postgres://ada:p%40ss@db.example.com:6543/board")
    assert (server.host, server.port, server.user) == ("db.example.com", 6543, "ada")
    assert (server.password, server.database) == ("p@ss", "board")


def test_check_with_a_database_of_another_kind_is_an_error(run_course):
    done = run_course("check", "3", "--solution", DATABASE_URL="mysql://root@127.0.0.1/app")
    assert done.returncode == 2
    assert "DATABASE_URL names a mysql database" in done.stdout + done.stderr


def test_exec_lends_a_database_that_stays(run_course, tmp_path):
    app = tmp_path / "app"
    shutil.copytree(next((ROOT / "solutions").glob("03-*")), app)
    cache = tmp_path / "cache"
    cache.mkdir()
    variables = {"COURSE_CACHE": str(cache)}
    up = run_course("exec", "--dir", app, "alembic", "upgrade", "head", **variables)
    assert up.returncode == 0, up.stdout + up.stderr
    current = run_course("exec", "--dir", app, "alembic", "current", **variables)
    remove_cluster(CoursePaths(root=ROOT, workspace=tmp_path, cache=cache))
    assert "(head)" in current.stdout


def test_exec_of_an_unknown_command_is_told(run_course):
    done = run_course("exec", "--dir", next((ROOT / "solutions").glob("03-*")), "no-such-command")
    assert done.returncode == 3
    assert "there is no command no-such-command" in done.stderr
