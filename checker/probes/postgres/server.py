"""Lease the embedded server: start it if it is down, join it if it is up."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class by its nature

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.lock import hold_lock
from checker.probes.postgres.cluster import Cluster, State, find_cluster

LONGEST_START = 60.0  # seconds; the first start makes the cluster
NUMBERS = count(1)


@dataclass(frozen=True)
class Server:
    """A server that is up for as long as the lease is held.

    Attributes:
        state: Its address and the superuser's password.
    """

    state: State

    def connect(self, database: str = "postgres") -> Connection:
        """Open a connection as the superuser, every statement a transaction of its own."""
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.state.port,
            user="postgres",
            password=self.state.password,
            dbname=database,
            connect_timeout=5,
        )
        connection.autocommit = True
        return connection

    def run(self, statement: str, *names: str) -> None:
        """Run one statement in the maintenance database; `{}` stands for a quoted name."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        finally:
            connection.close()


@contextmanager
def lease_server(paths: CoursePaths) -> Iterator[Server]:
    """Hold the embedded server: it stays up at least until the end of this block.

    Raises:
        ProbeError: it does not start here.
    """
    cluster = find_cluster(paths)
    cluster.leases.mkdir(exist_ok=True)
    lease = cluster.leases / f"{os.getpid()}-{next(NUMBERS)}"
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
    server = Server(state)
    with suppress(psycopg2.OperationalError):
        server.connect().close()
        return server
    return None


def start_server(cluster: Cluster) -> Server:
    """Start a keeper and wait until its server is up; start over once if the cluster is broken."""
    for _ in range(2):
        keeper = start_keeper(cluster)
        if (server := wait_for(cluster, keeper)) is not None:
            return server
        (cluster.folder / "password").unlink(missing_ok=True)  # makes the next keeper start over
    lines = cluster.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise ProbeError(
        f"the embedded PostgreSQL did not start: {lines[-1] if lines else 'no reason given'}",
        f"Read {cluster.log}, or name a server of your own in DATABASE_URL.",
    )


def start_keeper(cluster: Cluster) -> int:
    """Start a keeper that outlives this run, and return its pid."""
    with cluster.log.open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-m", "checker.probes.postgres.detach", str(cluster.folder)],
            cwd=Path(__file__).resolve().parents[3],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            check=True,
        )
    return int(done.stdout)


def wait_for(cluster: Cluster, keeper: int) -> Server | None:
    """Return the server as soon as its keeper has published it, None if the keeper gave up."""
    deadline = time.monotonic() + LONGEST_START
    while psutil.pid_exists(keeper) and time.monotonic() < deadline:
        state = cluster.read_state()
        if state is not None and state.keeper == keeper:
            return Server(state)
        time.sleep(0.02)
    return None
