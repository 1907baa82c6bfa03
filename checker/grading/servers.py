"""Give each run a PostgreSQL of its own, whoever else grades in this clone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.lock import try_lock

MOST_SERVERS = 500  # more than any machine has runs at a time


@contextmanager
def take_server(paths: CoursePaths) -> Iterator[str]:
    """Hold an embedded server that no other run has, and yield its name.

    What hostile statements can do to a server, such as taking every lock, they do to all of its
    databases. One that the run before has left in ruins is started anew.

    Raises:
        ProbeError: there is none to have, or it does not start here.
    """
    from checker.probes.postgres.server import lease_server

    paths.cache.mkdir(parents=True, exist_ok=True)  # it may have been thrown away
    for number in range(1, MOST_SERVERS + 1):
        own = replace(paths, server=f"{paths.server}-{number}")
        with try_lock(paths.cache / f"{own.server}.lock") as is_ours:
            if is_ours:
                with lease_server(own):
                    yield own.server
                return
    raise ProbeError(
        f"no file can be locked in {paths.cache}",
        "Name a folder on a disk of this machine in the variable COURSE_CACHE.",
    )
