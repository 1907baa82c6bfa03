"""Run the embedded server while somebody needs it, and end it when nobody has for a while.

Started as `python -m checker.probes.postgres.keeper FOLDER`, in a session of its own.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from checker.probes.fresh import find_free_port
from checker.probes.lock import hold_lock
from checker.probes.postgres.cluster import (
    UNPRIVILEGED,
    Cluster,
    State,
    find_programs,
    is_root,
    write_private,
)

LONGEST_IDLE = 600.0  # seconds without a lease, unless COURSE_POSTGRES_IDLE says otherwise
PERIOD = 1.0  # seconds between two looks
LONGEST_START = 30.0  # seconds

# The data is thrown away after each run: no crash of the machine needs to be survived.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


class Keeper:
    """The life of one server.

    Args:
        cluster: Where its files are.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.programs = find_programs(cluster)
        self.server: subprocess.Popen[bytes] | None = None
        self._longest_idle = float(os.environ.get("COURSE_POSTGRES_IDLE", LONGEST_IDLE))
        self._last_needed = time.monotonic()

    def start(self) -> None:
        """Start the server and publish its address; make the cluster first if there is none."""
        end_leftover(self.cluster)
        password_file = self.cluster.folder / "password"
        if not (self.cluster.data / "PG_VERSION").exists() or not password_file.exists():
            self.make_cluster(password_file)
        port = find_free_port()
        options = [part for k, v in SETTINGS.items() for part in ("-c", f"{k}={v}")]
        command: list[str | Path] = [
            self.programs / "postgres",
            "-D",
            self.cluster.data,
            "-p",
            str(port),
            *options,
        ]
        self.server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, user=find_user(), group=find_group()
        )
        self.wait_until_ready(self.server)
        self.cluster.write_state(State(port, password_file.read_text(), os.getpid()))

    def make_cluster(self, password_file: Path) -> None:
        """Make an empty cluster, with a fresh password for its superuser."""
        shutil.rmtree(self.cluster.data, ignore_errors=True)
        self.cluster.data.mkdir(mode=0o700)
        write_private(password_file, secrets.token_hex(24).encode())
        for path in (self.cluster.data, password_file):
            give_away(path)
        command: list[str | Path] = [
            self.programs / "initdb",
            "-D",
            self.cluster.data,
            "-U",
            "postgres",
            "-N",
        ]
        command += ["-A", "scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
        subprocess.run([*command, "--locale=C"], check=True, user=find_user(), group=find_group())

    def wait_until_ready(self, server: "subprocess.Popen[bytes]") -> None:
        """Wait until the server says in its pid file that it takes connections."""
        deadline = time.monotonic() + LONGEST_START
        while server.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError, IndexError):
                lines = (self.cluster.data / "postmaster.pid").read_text().splitlines()
                if int(lines[0]) == server.pid and lines[7].strip() == "ready":
                    return
            time.sleep(0.02)
        raise SystemExit("PostgreSQL did not start")

    def keep(self) -> None:
        """Wait until nobody needs the server any more, then end it."""
        assert self.server is not None  # noqa: S101 - start() was called
        while self.server.poll() is None:
            time.sleep(PERIOD)
            if self.is_needed():
                self._last_needed = time.monotonic()
            elif time.monotonic() - self._last_needed > self._longest_idle:
                with hold_lock(self.cluster.lock):
                    if not self.is_needed():
                        return self.stop()
        return None

    def is_needed(self) -> bool:
        """Tell whether a living process holds a lease; sweep out those of the dead."""
        needed = False
        for lease in self.cluster.leases.glob("*"):
            if psutil.pid_exists(int(lease.name.partition("-")[0])):
                needed = True
            else:
                lease.unlink(missing_ok=True)
        return needed

    def stop(self) -> None:
        """End the server and take back its address."""
        self.cluster.state_file.unlink(missing_ok=True)
        if self.server is not None and self.server.poll() is None:
            stop_server(self.programs, self.cluster)
            self.server.wait(30)


def stop_server(programs: Path, cluster: Cluster) -> None:
    """Ask the server to end now, without waiting for its clients."""
    command: list[str | Path] = [programs / "pg_ctl", "stop", "-m", "fast", "-D", cluster.data]
    subprocess.run(command, check=False, capture_output=True, user=find_user(), group=find_group())


def end_leftover(cluster: Cluster) -> None:
    """End a server that outlived its keeper, and forget its pid file."""
    cluster.state_file.unlink(missing_ok=True)
    pid_file = cluster.data / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        if "postgres" in process.name() and str(cluster.data) in process.cmdline():
            process.kill()
            process.wait(10)
    with contextlib.suppress(OSError):
        pid_file.unlink()


def find_user() -> str | None:
    """Return the user that the server runs as, None for the one who runs us."""
    return UNPRIVILEGED if is_root() else None


def find_group() -> str | None:
    """Return the group of `find_user`."""
    if not is_root():
        return None
    import grp
    import pwd

    return grp.getgrgid(pwd.getpwnam(UNPRIVILEGED).pw_gid).gr_name


def give_away(path: Path) -> None:
    """Hand a file to the user that the server runs as."""
    if (user := find_user()) and (group := find_group()):
        shutil.chown(path, user, group)


def main() -> None:
    """Keep the server of the folder on the command line."""
    keeper = Keeper(Cluster(Path(sys.argv[1])))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        keeper.start()
        keeper.keep()
    finally:
        keeper.stop()


if __name__ == "__main__":
    main()
