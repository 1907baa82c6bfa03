"""Lease the embedded server: start it if it is down, join it if it is up."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import psutil
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class by its nature

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.lock import hold_lock
from checker.probes.postgres.cluster import Cluster, State, find_cluster
from checker.probes.tree import kill_all, list_tree

LONGEST_START = 60.0  # seconds; the first start makes the cluster
MOST_STARTS = 3


@dataclass(frozen=True)
class Server:
    """A server that is up, and a role that may create databases and roles.

    Attributes:
        database: The one to connect to for statements that concern the whole server.
        sockets: The folder of its Unix socket, by which we go when there is one.
        is_apart: Whether its port is out of reach, so that apps need a way that we make.
    """

    host: str
    port: int
    user: str
    password: str
    database: str = "postgres"
    sockets: str = ""
    is_apart: bool = False

    @property
    def socket(self) -> str:
        """The path of its Unix socket."""
        return f"{self.sockets}/.s.PGSQL.{self.port}"

    def connect(self) -> Connection:
        """Open a connection as that role, every statement a transaction of its own."""
        return self.connect_as(self.user, self.password, self.database)

    def connect_as(self, user: str, password: str, database: str) -> Connection:
        """Open a connection as any role, every statement a transaction of its own."""
        connection = psycopg2.connect(
            host=self.sockets or self.host,
            port=self.port,
            user=user,
            password=password,
            dbname=database,
            connect_timeout=5,
        )
        connection.autocommit = True
        return connection

    def run(self, *statements: sql.Composable) -> None:
        """Run statements that concern the whole server, over one connection."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def fetch(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one query about the whole server, and return its rows."""
        connection = self.connect()
        try:
            return fetch(connection, statement, *values)
        finally:
            connection.close()

    def build_url(self, name: str, password: str, port: int = 0) -> str:
        """Return the address of the database `name` for its role of the same name.

        Args:
            name: Of the database.
            password: Of the role.
            port: Of the way that we made, if there is one.
        """
        host = f"127.0.0.1:{port}" if port else f"{self.host}:{self.port}"
        return f"postgresql://{name}:{password}@{host}/{name}"


def fetch(
    connection: Connection, statement: str | sql.Composable, *values: object
) -> list[tuple[Any, ...]]:
    """Run a statement, and return its rows, none for one that has none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def reach(state: State) -> Server:
    """Return the embedded server that runs as this state says."""
    return Server("127.0.0.1", state.port, "postgres", state.password, sockets=state.sockets)


@contextmanager
def open_server(paths: CoursePaths, *, is_apart: bool = False) -> Iterator[Server]:
    """Yield the server that DATABASE_URL names, else the embedded one.

    Args:
        paths: The folders of the course.
        is_apart: Whether this process has a network of its own: the embedded server's Unix socket
            is the only way to it then.

    Raises:
        ProbeError: it cannot be reached, or does not start here.
    """
    if is_apart:
        yield replace(find_from_afar(paths), is_apart=True)
        return
    if url := os.environ.get("DATABASE_URL"):
        from checker.probes.postgres.given import reach_given

        yield reach_given(url)
        return
    with lease_server(paths) as server:
        yield server


def find_from_afar(paths: CoursePaths) -> Server:
    """Return the embedded server, which somebody else holds up: from here it would have no port.

    Raises:
        ProbeError: it is down, or has no Unix socket.
    """
    cluster = find_cluster(paths)
    server = find_running(cluster)
    if server is None:
        raise ProbeError(
            "the embedded PostgreSQL does not answer by its Unix socket",
            f"Read {cluster.log}, then start the grader again.",
        )
    if not server.sockets:
        explain_no_socket(cluster)
    return server


def explain_no_socket(cluster: Cluster) -> NoReturn:
    """Raise why a server that is up has no Unix socket."""
    if cluster.sockets:  # it could have one by now: an older course started it
        raise ProbeError(
            "the embedded PostgreSQL was started without a Unix socket",
            "Leave it alone until it ends, ten minutes after the last check, and grade again.",
        )
    raise ProbeError(
        f"the path of {cluster.folder} is too long for a Unix socket",
        "Name a folder with a shorter path in the variable COURSE_CACHE, and grade again.",
    )


@contextmanager
def lease_server(paths: CoursePaths) -> Iterator[Server]:
    """Hold the embedded server: it stays up at least until the end of this block.

    Raises:
        ProbeError: it does not start here.
    """
    cluster = find_cluster(paths)
    cluster.leases.mkdir(exist_ok=True)
    lease = cluster.leases / f"{os.getpid()}-{secrets.token_hex(4)}"
    lease.touch()
    try:
        with hold_lock(cluster.lock):
            server = find_running(cluster) or start_server(cluster)
        yield server
    finally:
        lease.unlink(missing_ok=True)


def find_running(cluster: Cluster) -> Server | None:
    """Return the server if it is up and lets us in."""
    state = cluster.read_state()
    if state is None:
        return None
    server = reach(state)
    with suppress(psycopg2.OperationalError):
        server.connect().close()
        return server
    return None


def start_server(cluster: Cluster) -> Server:
    """Start a keeper and wait until its server is up; at last with a new cluster."""
    for attempt in range(MOST_STARTS):
        if attempt == MOST_STARTS - 1:
            (cluster.folder / "password").unlink(missing_ok=True)  # the keeper makes all anew then
        name = secrets.token_hex(8)
        keeper = start_keeper(cluster, name)
        if (server := wait_for(cluster, keeper, name)) is not None:
            close_common_databases(server)
            return server
        kill_all(list_tree(keeper))
    lines = cluster.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise ProbeError(
        f"the embedded PostgreSQL did not start: {lines[-1] if lines else 'no reason given'}",
        f"Read {cluster.log}, or name a server of your own in DATABASE_URL.",
    )


def close_common_databases(server: Server) -> None:
    """Let no run into the databases that every role may enter otherwise: they would share them."""
    names = map(sql.Identifier, ("postgres", "template1"))
    server.run(*(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(n) for n in names))


def start_keeper(cluster: Cluster, name: str) -> int:
    """Start a keeper that outlives this run.

    Returns:
        The process to watch. On Windows that is only the starter of the keeper's own, which is why
        the keeper has a name.

    Raises:
        ProbeError: no process can be started.
    """
    module = "checker.probes.postgres.detach"
    with cluster.log.open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, str(cluster.folder), name],
            cwd=cluster.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            check=False,
        )
    if done.returncode != 0:
        raise ProbeError(
            "the process that keeps PostgreSQL could not be started", f"Read {cluster.log}."
        )
    return int(done.stdout)


def wait_for(cluster: Cluster, keeper: int, name: str) -> Server | None:
    """Return the server as soon as its keeper has published it, None if the keeper gave up."""
    deadline = time.monotonic() + LONGEST_START
    while psutil.pid_exists(keeper) and time.monotonic() < deadline:
        state = cluster.read_state()
        if state is not None and state.keeper == name:
            return reach(state)
        time.sleep(0.02)
    return None
