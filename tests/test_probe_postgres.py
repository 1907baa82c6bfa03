"""The embedded PostgreSQL: one server, a database a run, and nothing left behind."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from clusters import find_processes, kill_everything, remove_cluster

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.postgres.cluster import Cluster, find_cluster
from checker.probes.postgres.database import open_database
from checker.probes.postgres.server import explain_no_socket, lease_server

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoursePaths]:
    cache = tmp_path_factory.mktemp("cache")
    paths = CoursePaths(root=ROOT, workspace=cache / "workspace", cache=cache)
    yield paths
    remove_cluster(paths)


def ask(url: str, statement: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def list_runs(paths: CoursePaths) -> list[str]:
    with lease_server(paths) as server:
        connection = server.connect()
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'run_%'")
            names = [row[0] for row in cursor.fetchall()]
        connection.close()
        return names


def test_database_takes_an_app_and_is_dropped_after(paths):
    with lease_server(paths) as server, open_database(server) as database:
        assert str(ask(database.url, "SHOW server_version")).startswith("18.")
        ask(database.url, "CREATE TABLE task (id int)")
        name = database.name
        assert name in list_runs(paths)

    assert name not in list_runs(paths)


def test_second_lease_joins_the_running_server(paths):
    with lease_server(paths) as first, lease_server(paths) as second:
        assert first == second


def test_role_reaches_its_own_database_only(paths):
    with (
        lease_server(paths) as server,
        open_database(server) as mine,
        open_database(server) as other,
    ):
        stolen = mine.url.rpartition("/")[0] + "/" + other.name
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            psycopg2.connect(stolen)


def test_role_may_not_run_programs(paths):
    with lease_server(paths) as server, open_database(server) as database:
        ask(database.url, "CREATE TABLE loot (line text)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(database.url, "COPY loot FROM PROGRAM 'id'")


def test_run_that_was_killed_leaves_no_database(paths):
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from checker.paths import CoursePaths\n"
        "from checker.probes.postgres.database import open_database\n"
        "from checker.probes.postgres.server import lease_server\n"
        "cache = Path(sys.argv[1])\n"
        "with lease_server(CoursePaths(Path.cwd(), cache, cache)) as server:\n"
        "    with open_database(server) as database:\n"
        "        print(database.name, flush=True)\n"
        "        os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, paths.cache],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    name = killed.stdout.strip()
    assert name in list_runs(paths)

    with lease_server(paths) as server, open_database(server):
        assert name not in list_runs(paths)


def test_server_comes_back_after_everything_was_killed(paths):
    with lease_server(paths):
        pass
    kill_everything(paths)

    with lease_server(paths) as server, open_database(server) as database:
        assert ask(database.url, "SELECT 1") == 1


def test_server_comes_back_when_its_data_is_broken(paths):
    kill_everything(paths)
    (find_cluster(paths).data / "global" / "pg_control").write_bytes(b"broken")

    with lease_server(paths) as server, open_database(server) as database:
        assert ask(database.url, "SELECT 1") == 1


@pytest.mark.skipif(os.name == "nt", reason="there are no Unix sockets")
@pytest.mark.parametrize(
    ("folder", "problem"), [("short", "without a Unix socket"), ("l" * 100, "is too long")]
)
def test_missing_socket_is_told_by_its_cause(folder, problem):
    with pytest.raises(ProbeError, match=problem):
        explain_no_socket(Cluster(Path("/", folder)))


def test_server_ends_when_nobody_needs_it(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_POSTGRES_IDLE", "0.5")
    paths = CoursePaths(root=ROOT, workspace=tmp_path, cache=tmp_path)
    with lease_server(paths):
        assert find_processes(find_cluster(paths))

    deadline = time.monotonic() + 20
    while find_processes(find_cluster(paths)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not find_processes(find_cluster(paths))
    assert find_cluster(paths).read_state() is None
    remove_cluster(paths)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs root to own the folder")
def test_cluster_of_somebody_else_is_refused(tmp_path):
    paths = CoursePaths(root=ROOT, workspace=tmp_path, cache=tmp_path / "other")
    folder = find_cluster(paths).folder
    os.chown(folder, 65534, 65534)
    try:
        with pytest.raises(ProbeError, match="belongs to somebody else"):
            find_cluster(paths)
    finally:
        folder.rmdir()
