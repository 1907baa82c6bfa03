"""Keep what strangers do with their databases within limits: their server outlives them."""

import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self

import psutil
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class by its nature

from checker.probes.postgres.server import Server, fetch

PERIOD = 0.5  # seconds between two looks
LONGEST_STATEMENT = 60  # seconds; a role may lift every limit that it has itself
LONGEST_END = 2.0  # seconds until a session has ended
# Functions in the place of the views over them: a view needs locks that there may not be any more.
SESSIONS = (
    "SELECT usesysid, pid, state <> 'idle' AND query_start < now() - %s * interval '1 second'"
    " FROM pg_stat_get_activity(NULL) WHERE usesysid <> 10"  # the superuser, in every cluster
)
LOCKS = "SELECT pid, count(*) FROM pg_lock_status() GROUP BY pid"
SIZES = (
    "SELECT r.oid, pg_database_size(d.oid) FROM pg_database d JOIN pg_roles r"
    " ON d.datname = r.rolname WHERE r.rolname LIKE %s"
)
NAME = "SELECT rolname FROM pg_roles WHERE oid = %s"


@dataclass(frozen=True)
class DatabaseLimits:
    """What one role may have of a server.

    Attributes:
        size: Bytes of its database.
        memory: Bytes of all its sessions together.
        locks: Of all its sessions; the server has some 10,000 in all.
    """

    size: int = 256 << 20
    memory: int = 1 << 30
    locks: int = 5000


class Session(NamedTuple):
    """A connection to the server.

    Attributes:
        role: The number of its role.
        pid: Its process.
        is_slow: Whether its statement takes longer than any may.
    """

    role: int
    pid: int
    is_slow: bool


class DatabaseWatch:
    """Looks at the server's databases now and then; use it as a context manager.

    It has a connection from the beginning: to a server whose locks have all been taken, nobody can
    connect.

    Args:
        connection: Of a role that may do everything; it stays the caller's.
        limits: Whoever has more is shut out.
    """

    def __init__(self, connection: Connection, limits: DatabaseLimits = DatabaseLimits()) -> None:
        self._connection = connection
        self._limits = limits
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(PERIOD):
            try:
                self.look()
            except psycopg2.Error:  # the server is busy, or a database was dropped meanwhile
                continue

    def look(self) -> None:
        """Shut out the roles that have too much, and end what takes too long."""
        sessions = self._list_sessions()
        for session in sessions:
            if session.is_slow:
                end(session)
        for most, amounts in (
            (self._limits.locks, self._count_locks(sessions)),
            (self._limits.memory, measure_memory(sessions)),
        ):
            self._shut_out_all(amounts, most)
        self._shut_out_all(dict(fetch(self._connection, SIZES, "run\\_%")), self._limits.size)

    def _list_sessions(self) -> list[Session]:
        """Return the sessions of everybody but the server's own role."""
        return [Session(*row) for row in fetch(self._connection, SESSIONS, LONGEST_STATEMENT)]

    def _count_locks(self, sessions: list[Session]) -> Counter[int]:
        """Return how many locks each role has."""
        by_process = dict(fetch(self._connection, LOCKS))
        sums: Counter[int] = Counter()
        for session in sessions:
            sums[session.role] += by_process.get(session.pid, 0)
        return sums

    def _shut_out_all(self, amounts: Mapping[int, int], most: int) -> None:
        """Shut out every role that has more than so much."""
        for role, amount in amounts.items():
            if amount > most:
                self._shut_out(role)

    def _shut_out(self, role: int) -> None:
        """End the sessions of a role, and those that it opens until it may open no more."""
        self._end_all(role)
        for (name,) in fetch(self._connection, NAME, role):
            fetch(self._connection, sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(name)))
        self._end_all(role)

    def _end_all(self, role: int) -> None:
        """End the sessions of a role."""
        for session in self._list_sessions():
            if session.role == role:
                end(session)


def end(session: Session) -> None:
    """End a session, and wait until its locks are free.

    The server would do it too, but to see whether it may it needs a lock.
    """
    with suppress(psutil.Error):
        process = psutil.Process(session.pid)
        process.terminate()
        process.wait(LONGEST_END)


def measure_memory(sessions: list[Session]) -> Counter[int]:
    """Return the bytes that the sessions of each role have for themselves."""
    sums: Counter[int] = Counter()
    for session in sessions:
        with suppress(psutil.Error):
            info = psutil.Process(session.pid).memory_info()
            sums[session.role] += info.rss - getattr(info, "shared", 0)
    return sums


def limit_role(server: Server, name: str) -> None:
    """Limit what a role may put into files that no database counts; only a superuser lifts that."""
    role = sql.Identifier(name)
    server.run(sql.SQL("ALTER ROLE {} SET temp_file_limit = '256MB'").format(role))
