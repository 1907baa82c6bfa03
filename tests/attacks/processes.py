"""Attacks on other processes. Each function returns whether it reached its target."""

import ctypes
import glob
import os
import signal
from pathlib import Path

from attacks.targets import CANARY, GRADER

LIBC = ctypes.CDLL(None, use_errno=True)
HOST = 1


def list_pids(*_):
    return [int(path.split("/")[2]) for path in glob.glob("/proc/[0-9]*")]


def processes_of_the_machine():
    lines = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in list_pids()]
    return any(b"checker.grading" in line or b"bin/postgres" in line for line in lines)


def environment_of_the_grader():
    return any(
        CANARY.encode() in Path(f"/proc/{pid}/environ").read_bytes()
        for pid in list_pids()
        if os.access(f"/proc/{pid}/environ", os.R_OK)
    )


def own_environment():
    return CANARY in str(os.environ)


def grader_by_a_signal():
    os.kill(GRADER, 0)
    return b"python" in Path(f"/proc/{GRADER}/cmdline").read_bytes()


def host_by_killing():
    for number in signal.valid_signals():
        os.kill(HOST, number)
    return not Path("/proc/1").exists()


def host_by_tracing():
    PTRACE_ATTACH = 16
    return LIBC.ptrace(PTRACE_ATTACH, HOST, 0, 0) == 0


def memory_of_the_host():
    with Path(f"/proc/{HOST}/mem").open("rb+") as memory:
        return memory.read(1) is not None


def descriptors_of_the_host():
    return bool(os.listdir(f"/proc/{HOST}/fd"))


def root_of_the_host():
    return bool(os.listdir(f"/proc/{HOST}/root/"))


def working_folder_of_the_host():
    return bool(os.readlink(f"/proc/{HOST}/cwd"))


def own_descriptors():
    names = [os.readlink(path) for path in glob.glob("/proc/self/fd/*") if os.path.islink(path)]
    return len([name for name in names if name.startswith("socket")]) > 3


def limits_by_raising_them():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard + 1, hard + 1))
    return soft != resource.RLIM_INFINITY


def shared_memory():
    return LIBC.shmget(0x1234, 4096, 0) >= 0


def keys_of_the_user():
    KEYCTL_GET_KEYRING_ID, KEYCTL_READ = 0, 11
    ring = LIBC.syscall(250, KEYCTL_GET_KEYRING_ID, -4, 0)
    return ring > 0 and LIBC.syscall(250, KEYCTL_READ, ring, 0, 0) > 0
