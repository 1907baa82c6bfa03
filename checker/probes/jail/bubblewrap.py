"""Write the command that makes a jail: what is in it, and what is not."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checker.doctor.mend import tell_how_to_install
from checker.errors import ProbeError

USER = "1000"  # whoever the jail's maker is outside
OPT = Path("/opt/course")
GUEST, ISSUED = OPT / "guest", OPT / "app"
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts", "ssl")
BROWSER = ("/etc/chromium", "/etc/chromium.d", "/var/cache/fontconfig", "/sys/devices/system/cpu")
FILES = {
    "passwd": f"learner:x:{USER}:{USER}::/tmp:/bin/sh\n",
    "group": f"learner:x:{USER}:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
NAMESPACES = (
    *("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"),
    *("--unshare-cgroup-try", "--disable-userns", "--as-pid-1", "--new-session"),
    *("--die-with-parent", "--uid", USER, "--gid", USER, "--hostname", "jail", "--clearenv"),
    *("--setenv", "HOME", "/tmp", "--setenv", "PATH", os.defpath),  # noqa: S108 - the jail's own
)


@dataclass(frozen=True)
class JailOrder:
    """What a jail is made of.

    Attributes:
        scratch: The path of the only folder in which much can be written; a file system in memory.
        space: Bytes that it holds.
        calls: The descriptor from which the filter of system calls is read; None for no filter.
        is_for_browser: Whether a browser is to find its settings and its fonts.
        shown: Folders that can be read, by their paths in the jail; where they are outside.
        etc: A folder with FILES.
    """

    scratch: Path
    etc: Path
    shown: Mapping[Path, Path] = field(default_factory=dict)
    space: int = 768 << 20
    calls: int | None = None
    is_for_browser: bool = False


def find_bubblewrap() -> str:
    """Return the program.

    Raises:
        ProbeError: it is not installed, or there is none for this system.
    """
    program = shutil.which("bwrap")
    if sys.platform != "linux":
        raise ProbeError(
            "there is a jail for submissions on Linux only",
            "Grade on Linux, in a virtual machine for example.",
        )
    if program is None:
        raise ProbeError(
            "bubblewrap is needed to keep submissions apart, and was not found",
            tell_how_to_install("bubblewrap"),
        )
    return program


def write_command(order: JailOrder, command: list[str]) -> list[str]:
    """Return the command line that runs a command in a jail.

    The network is the caller's: it must be an empty one, see `enter_cell`.
    """
    return [
        find_bubblewrap(),
        *NAMESPACES,
        *list_system(order.etc),
        *("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"),
        *("--size", f"{16 << 20}", "--tmpfs", "/dev/shm"),  # noqa: S108 - the jail's own
        *("--size", f"{64 << 20}", "--perms", "1777", "--tmpfs", "/tmp"),  # noqa: S108
        *("--size", f"{order.space}", "--tmpfs", f"{order.scratch}"),
        *(part for path, place in order.shown.items() for part in show(path, place)),
        *(part for path in list_extras(order) for part in ("--ro-bind-try", path, path)),
        *(("--seccomp", f"{order.calls}") if order.calls is not None else ()),
        *("--remount-ro", "/", "--chdir", "/", "--", *command),
    ]


def list_extras(order: JailOrder) -> tuple[str, ...]:
    """Return what only browsers look for."""
    return BROWSER if order.is_for_browser else ()


def show(path: Path, place: Path) -> tuple[str, str, str]:
    """Return the option that shows a folder."""
    return "--ro-bind", f"{place}", f"{path}"


def list_system(etc: Path) -> Iterator[str]:
    """Yield the options that show the programs and libraries of this system, not its settings."""
    yield from show(Path("/usr"), Path("/usr"))
    for name in SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", f"{path.readlink()}", f"{path}")
        elif path.is_dir():
            yield from show(path, path)
    for name in ETC:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    for name in FILES:
        yield from show(Path("/etc", name), etc / name)


def write_etc(folder: Path) -> Path:
    """Write the few settings that there are in a jail."""
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="ascii")
    return folder
