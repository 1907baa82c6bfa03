"""Run the embedded server while somebody needs it, and end it when nobody has for a while.

Started as `python -m checker.probes.postgres.keeper FOLDER NAME`, in a session of its own.
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

from checker.probes.lock import hold_lock
from checker.probes.port import find_free_port
from checker.probes.postgres.cluster import (
    UNPRIVILEGED,
    Cluster,
    State,
    find_programs,
    write_private,
)
from checker.user import is_root

LONGEST_IDLE = 600.0  # seconds without a lease, unless COURSE_POSTGRES_IDLE says otherwise
PERIOD = 1.0  # seconds between two looks
LONGEST_START = 30.0  # seconds
MOST_PORTS = 3

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
        name: What this keeper signs with.
    """

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster = cluster
        self.name = name
        self.programs = find_programs(cluster)
        self.server: psutil.Process | None = None
        self._longest_idle = float(os.environ.get("COURSE_POSTGRES_IDLE", LONGEST_IDLE))
        self._last_needed = time.monotonic()

    def start(self) -> None:
        """Start the server and publish its address; make the cluster first if there is none."""
        end_leftover(self.cluster)
        password_file = self.cluster.folder / "password"
        if not (self.cluster.data / "PG_VERSION").exists() or not password_file.exists():
            self.make_cluster(password_file)
        for _ in range(MOST_PORTS):
            port = find_free_port()  # somebody else may take it before the server does
            self.server = self.start_server(port)
            if self.is_ready(self.server):
                password = password_file.read_text(encoding="ascii")
                sockets = f"{self.cluster.sockets or ''}"
                return self.cluster.write_state(State(port, password, self.name, sockets))
        raise SystemExit("PostgreSQL did not start")

    def start_server(self, port: int) -> psutil.Process:
        """Start the server on a port."""
        settings = SETTINGS | {"port": f"{port}"}
        if folder := self.cluster.sockets:
            folder.mkdir(mode=0o700, exist_ok=True)
            give_away(folder)
            settings["unix_socket_directories"] = f"{folder}"
        options = [part for k, v in settings.items() for part in ("-c", f"{k}={v}")]
        if sys.platform == "win32":  # postgres refuses administrators; pg_ctl drops their rights
            return self.start_by_pg_ctl(options)
        return psutil.Popen(
            [self.programs / "postgres", "-D", self.cluster.data, *options],
            stdin=subprocess.DEVNULL,
            user=find_user(),
            group=find_group(),
        )

    def start_by_pg_ctl(self, options: list[str]) -> psutil.Process:
        """Start the server with the rights of an ordinary user, and find its process."""
        command: list[str | Path] = [self.programs / "pg_ctl", "start", "-w"]
        command += ["-D", self.cluster.data, "-l", self.cluster.log.with_name("postgres.log")]
        command += ["-t", f"{LONGEST_START:g}", "-o", subprocess.list2cmdline(options)]
        subprocess.run(command, check=True, timeout=2 * LONGEST_START)
        return psutil.Process(int(self.read_pid_file()[0]))

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
        subprocess.run(
            [*command, "--locale=C"],
            check=True,
            timeout=LONGEST_START,
            user=find_user(),
            group=find_group(),
        )

    def is_ready(self, server: psutil.Process) -> bool:
        """Wait until the server says in its pid file that it takes connections, or has ended."""
        deadline = time.monotonic() + LONGEST_START
        while not has_ended(server) and time.monotonic() < deadline:
            with contextlib.suppress(OSError, IndexError, ValueError):
                lines = self.read_pid_file()
                if int(lines[0]) == server.pid and lines[7].strip() == "ready":
                    return True
            time.sleep(0.02)
        return False

    def read_pid_file(self) -> list[str]:
        """Return what the server wrote about itself; a folder in it may be in any encoding."""
        file = self.cluster.data / "postmaster.pid"
        return file.read_text(encoding="utf-8", errors="replace").splitlines()

    def keep(self) -> None:
        """Wait until nobody needs the server any more, then end it."""
        assert self.server is not None  # noqa: S101 - start() was called
        while not has_ended(self.server):
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
        self.cluster.forget_state()
        if self.server is not None and not has_ended(self.server):
            stop_server(self.programs, self.cluster)
            self.server.wait(LONGEST_START)


def has_ended(process: psutil.Process) -> bool:
    """Tell whether a process has ended, whoever started it."""
    try:
        process.wait(0)
    except psutil.TimeoutExpired:
        return False
    return True


def stop_server(programs: Path, cluster: Cluster) -> None:
    """Ask the server to end now, without waiting for its clients."""
    command: list[str | Path] = [programs / "pg_ctl", "stop", "-m", "fast", "-D", cluster.data]
    subprocess.run(command, check=False, capture_output=True, user=find_user(), group=find_group())


def end_leftover(cluster: Cluster) -> None:
    """End a server that outlived its keeper, and forget its pid file."""
    cluster.forget_state()
    pid_file = cluster.data / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
        process = psutil.Process(int(pid_file.read_bytes().split(maxsplit=1)[0]))
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
    keeper = Keeper(Cluster(Path(sys.argv[1])), sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        keeper.start()
        keeper.keep()
    finally:
        keeper.stop()


if __name__ == "__main__":
    main()
