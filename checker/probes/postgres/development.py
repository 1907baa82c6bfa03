"""The learner's own database on the embedded server: it stays from day to day."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from checker.paths import CoursePaths
from checker.probes.postgres.cluster import find_cluster, write_private
from checker.probes.postgres.database import make_database
from checker.probes.postgres.server import lease_server

NAME = "taskboard"


@contextmanager
def open_development(paths: CoursePaths) -> Iterator[str]:
    """Hold the embedded server up, and yield the address of the learner's database.

    Raises:
        ProbeError: the server does not start here.
    """
    with lease_server(paths) as server:
        password = read_password(paths)
        if not server.fetch("SELECT 1 FROM pg_roles WHERE rolname = %s", NAME):
            make_database(server, NAME, password)
        yield server.build_url(NAME, password)


def read_password(paths: CoursePaths) -> str:
    """Return the password of the learner's role, made once."""
    file = find_cluster(paths).folder / "development-password"
    if not file.exists():
        write_private(file, secrets.token_hex(16).encode())
    return file.read_text()
