"""Use the PostgreSQL server that the caller names in DATABASE_URL.

Its own database is only connected to: runs make databases of their own beside it, and drop those.
"""

from urllib.parse import unquote, urlsplit

import psycopg2

from checker.errors import ProbeError
from checker.probes.postgres.server import Server

NEXT = "Correct DATABASE_URL, or unset it: the course brings a PostgreSQL of its own."


def reach_given(url: str) -> Server:
    """Return the server of an address, if it is one that the checks can work with.

    Raises:
        ProbeError: it is no PostgreSQL, cannot be reached, or its role may not create databases.
    """
    server = parse(url)
    try:
        rows = server.fetch(
            "SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_roles "
            "WHERE rolname = current_user"
        )
    except psycopg2.OperationalError as error:
        reason = str(error).strip().rpartition("FATAL:")[2].strip().splitlines()
        raise ProbeError(
            f"the PostgreSQL of DATABASE_URL cannot be used: {reason[0] if reason else error}", NEXT
        ) from error
    if not rows[0][0]:
        raise ProbeError(
            f"the role {server.user} of DATABASE_URL may not create databases and roles",
            f"Allow it: ALTER ROLE {server.user} CREATEDB CREATEROLE; or unset DATABASE_URL.",
        )
    return server


def parse(url: str) -> Server:
    """Take an address apart.

    Raises:
        ProbeError: it is not the address of a PostgreSQL database.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError as error:
        raise ProbeError(f"DATABASE_URL is no address: {error}", NEXT) from error
    if parts.scheme.partition("+")[0] not in {"postgres", "postgresql"}:
        raise ProbeError(f"DATABASE_URL names a {parts.scheme or 'nameless'} database", NEXT)
    return Server(
        host=parts.hostname or "127.0.0.1",
        port=port,
        user=unquote(parts.username or "postgres"),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")) or "postgres",
    )
