"""Keep what strangers do with their databases within limits: they share one server."""

import os
import threading
from types import TracebackType
from typing import Self

import psycopg2
from psycopg2 import sql

from checker.probes.postgres.server import Server

PERIOD = 0.5  # seconds between two looks
MOST_BYTES = 256 << 20  # of one database
LONGEST_STATEMENT = 60  # seconds; a role may lift every limit that it has itself
SIZES = "SELECT datname, pg_database_size(oid) FROM pg_database WHERE datname LIKE %s"
END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
END_SLOW = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE %s"
    " AND state <> 'idle' AND query_start < now() - %s * interval '1 second'"
)


class DatabaseWatch:
    """Looks at the databases of this run now and then; use it as a context manager.

    Args:
        server: Its role may do everything.
        most_bytes: Of one database; its role is shut out when it has more.
    """

    def __init__(self, server: Server, most_bytes: int = MOST_BYTES) -> None:
        self._server = server
        self._most_bytes = most_bytes
        self._ours = f"run\\_{os.getpid()}\\_%"
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
        """Shut out the roles whose databases are too large, and end what takes too long."""
        self._server.fetch(END_SLOW, self._ours, LONGEST_STATEMENT)
        for name, size in self._server.fetch(SIZES, self._ours):
            if size > self._most_bytes:
                role = sql.Identifier(name)
                self._server.run(sql.SQL("ALTER ROLE {} NOLOGIN").format(role))
                self._server.fetch(END_SESSIONS, name)


def limit_role(server: Server, name: str) -> None:
    """Limit what a role may put into files that no database counts; only a superuser lifts that."""
    role = sql.Identifier(name)
    server.run(sql.SQL("ALTER ROLE {} SET temp_file_limit = '256MB'").format(role))
