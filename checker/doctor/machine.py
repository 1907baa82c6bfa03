"""Look at the machine itself: loopback ports, disk space, clock."""

import contextlib
import os
import shutil
import socket
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from checker.doctor.finding import (
    ALL_LESSONS,
    CONTAINER_LESSONS,
    FRONTEND_LESSONS,
    Finding,
    Status,
)
from checker.doctor.mend import as_this_user

LOOPBACK = "127.0.0.1"
MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30
DAY = 86400.0
MOST_SKEW = 5.0  # seconds; some file systems round times to two
SHOW_LISTENER = {
    "linux": "ss -ltnp 'sport = :{port}'",
    "darwin": "lsof -nP -iTCP:{port} -sTCP:LISTEN",
    "win32": "netstat -ano | findstr :{port}",
}
SET_CLOCK = {
    "linux": "sudo timedatectl set-ntp true",
    "darwin": "sudo sntp -sS time.apple.com",
    "win32": "w32tm /resync",
}


class DiskNeed(NamedTuple):
    """How much free space some lessons take, all that they install included."""

    lessons: tuple[int, ...]
    size: int


DISK_NEEDS = (
    DiskNeed(ALL_LESSONS, 500 * MEBIBYTE),
    DiskNeed(FRONTEND_LESSONS, 2 * GIBIBYTE),
    DiskNeed(CONTAINER_LESSONS, 6 * GIBIBYTE),
)


def look_at_disk(folder: Path, need: DiskNeed) -> Finding:
    """Compare the free space of a folder with what lessons need."""
    free = shutil.disk_usage(folder).free
    is_enough = free >= need.size
    return Finding(
        name="disk space",
        status=Status.OK if is_enough else Status.MISSING,
        detail=f"{format_size(free)} free, {format_size(need.size)} needed",
        lessons=need.lessons,
        mend=None if is_enough else f"Free some space on the disk of {folder}.",
    )


def format_size(size: int) -> str:
    """Write a number of bytes as people read it."""
    return f"{size / GIBIBYTE:.1f} GB" if size >= GIBIBYTE else f"{size // MEBIBYTE} MB"


def look_at_loopback() -> Finding:
    """Look whether a server can listen on this machine's own address, as every check needs."""
    try:
        with socket.socket() as server:
            server.bind((LOOPBACK, 0))
    except OSError as error:
        return Finding(
            name="loopback",
            status=Status.MISSING,
            detail=f"no port can be opened on {LOOPBACK}: {error.strerror}",
            mend="Allow programs to listen on 127.0.0.1: a firewall or sandbox forbids it.",
        )
    return Finding(name="loopback", status=Status.OK, detail=f"{LOOPBACK} can be listened on")


def look_at_port(port: int, lessons: tuple[int, ...]) -> Finding:
    """Look whether something listens on a port that the learner's app uses by default."""
    is_free = True
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=0.5):
        is_free = False
    show = SHOW_LISTENER.get(sys.platform, SHOW_LISTENER["linux"]).format(port=port)
    return Finding(
        name=f"port {port}",
        status=Status.OK if is_free else Status.WARNING,
        detail="free" if is_free else "in use; your app needs it when you run it yourself",
        lessons=lessons,
        mend=None if is_free else f"{show}   (shows what to end)",
    )


def look_at_clock(reference: Path) -> Finding:
    """Compare the clock with a file of the course and with the file system's idea of now.

    Tokens expire and certificates are valid by this clock.
    """
    now = time.time()
    told = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M UTC")
    trouble = find_clock_trouble(now, reference)
    mend = as_this_user(SET_CLOCK.get(sys.platform, SET_CLOCK["linux"]))
    return Finding(
        name="clock",
        status=Status.WARNING if trouble else Status.OK,
        detail=f"{told}, {trouble}" if trouble else told,
        mend=mend if trouble else None,
    )


def find_clock_trouble(now: float, reference: Path) -> str:
    """Say what is wrong with the clock; empty when nothing is."""
    if now < reference.stat().st_mtime - DAY:
        return "before the course's files were written"
    with contextlib.suppress(OSError), tempfile.TemporaryFile(dir=reference.parent) as file:
        skew = abs(os.fstat(file.fileno()).st_mtime - now)
        if skew > MOST_SKEW:
            return f"{skew:.0f} s away from the file system's"
    return ""
