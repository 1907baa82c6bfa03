"""Attacks on what lies on the grader's disk. Each function returns whether it reached its target."""

import ctypes
import fcntl
import os
import sys
import termios
from pathlib import Path

from attacks.targets import CANARY, FOLDER, OUT, ROOT, SUBMISSIONS, VENV

LIBC = ctypes.CDLL(None, use_errno=True)


def holds_canary(path):
    return CANARY in Path(path).read_text(errors="replace")


def key_in_the_home_of_the_grader():
    return holds_canary(f"{FOLDER}/home/.ssh/id_ed25519")


def submission_of_another():
    return holds_canary(f"{SUBMISSIONS}/victim/backend/app/main.py")


def results():
    return "course/run/v1" in Path(f"{OUT}/results.jsonl").read_text()


def seed_of_the_batch():
    return "seed" in Path(f"{OUT}/batch.json").read_text()


def results_by_writing():
    with Path(f"{OUT}/results.jsonl").open("a") as file:
        return file.write("{}\n") > 0


def results_by_a_link():
    link = Path(os.environ["HOME"], "results")
    link.symlink_to(f"{OUT}/results.jsonl")
    return link.stat().st_size >= 0


def checks():
    return any(Path(f"{ROOT}/checker/checks").iterdir())


def solutions():
    return any(Path(f"{ROOT}/solutions").iterdir())


def passwords():
    return "root:" in Path("/etc/shadow").read_text()


def users_of_the_machine():
    return "root" in Path("/etc/passwd").read_text()


def other_temporary_files():
    mine = f"{os.environ['HOME']}/{VENV}".split("/")
    return [name for name in os.listdir("/tmp") if name not in mine] != []


def environment_by_writing():
    Path(VENV, "bin", "evil").write_text("")
    return True


def packages_by_writing():
    import fastapi

    with Path(fastapi.__file__).open("a") as file:
        return file.write("\n") > 0


def files_of_the_jail_by_writing():
    for place in ("/opt/course/guest/serve.py", "/opt/course/app/backend/app/main.py"):
        with Path(place).open("a") as file:
            return file.write("\n") > 0


def root_of_the_jail_by_writing():
    Path("/evil").write_text("")
    return True


def libraries_by_writing():
    Path("/usr/lib/evil.so").write_text("")
    return True


def remounting():
    MS_REMOUNT = 32
    return LIBC.mount(b"none", b"/", None, MS_REMOUNT, None) == 0


def mounting():
    return LIBC.mount(b"/", os.environ["HOME"].encode(), None, 4096, None) == 0


def unmounting():
    return LIBC.umount2(b"/etc/passwd", 2) == 0


def namespace_of_users():
    return LIBC.unshare(0x10000000) == 0


def namespace_of_mounts():
    return LIBC.unshare(0x00020000) == 0


def namespace_of_users_by_a_child():
    CLONE_NEWUSER, SIGCHLD = 0x10000000, 17
    pid = LIBC.syscall(56 if os.uname().machine == "x86_64" else 220, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return pid > 0


def terminal_of_the_grader():
    handle = os.open("/dev/tty", os.O_RDWR)
    return fcntl.ioctl(handle, termios.TIOCSTI, b"\n") == 0


def changing_root():
    os.chroot("/tmp")
    return True


def device_of_a_disk():
    os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0))
    return True


def memory_of_the_kernel():
    return any(Path(f"/dev/{name}").exists() for name in ("mem", "kmem", "kmsg", "sda", "vda"))


def setting_of_the_kernel():
    Path("/proc/sys/kernel/core_pattern").write_text("|/tmp/evil")
    return True


def becoming_root():
    os.setuid(0)
    return True


def folder_above_by_a_handle():
    handle = os.open("/", os.O_RDONLY)
    return any("home" in os.listdir(f"/proc/self/fd/{handle}{'/..' * n}") for n in range(9))


def interpreter_by_writing():
    with Path(os.path.realpath(sys.executable)).open("ab") as file:
        return file.write(b" ") > 0
