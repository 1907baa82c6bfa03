"""Move this process into a cell: a network of its own, in which there is nothing yet (Linux).

The judge of one submission lives there with all that it makes: ports, a model, ways to a database.
What the learner's processes reach over the network is just that. Files are looked for as before.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
from pathlib import Path

from checker.errors import ProbeError

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40
MEND = (
    "./course doctor says what the jail needs. In a container it takes one that may make "
    "namespaces of its own."
)


def enter_cell() -> None:
    """Leave the network for an empty one; must be called before any thread is started.

    Root keeps its rights, and gets mounts of its own, see `staging`. Everybody else becomes the
    only user of a namespace, in which they may make further ones.

    Raises:
        ProbeError: the system does not let us.
    """
    user, group = os.getuid(), os.getgid()
    call("unshare", CLONE_NEWNET | (CLONE_NEWUSER if user else CLONE_NEWNS))
    if user:
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    else:
        mount("none", "/", "", MS_REC | MS_PRIVATE)
    raise_loopback()


def raise_loopback() -> None:
    """Let 127.0.0.1 work: in a new network it is down."""
    request = struct.pack("16sh", b"lo", IFF_UP | IFF_RUNNING)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, request)


def bind(source: Path, target: Path) -> None:
    """Show a folder at another place too, in our own mounts."""
    target.mkdir(parents=True)
    mount(f"{source}", f"{target}", "", MS_BIND | MS_REC)


def mount(source: str, target: str, kind: str, flags: int) -> None:
    """Put something at a place in our own mounts."""
    call("mount", source.encode(), target.encode(), kind.encode(), flags, 0)


def call(name: str, *arguments: object) -> None:
    """Call a function of the C library that says with its result whether it worked.

    Raises:
        ProbeError: it did not.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise ProbeError(f"no cell can be made here: {name}: {reason}", MEND)
