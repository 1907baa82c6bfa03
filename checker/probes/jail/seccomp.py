"""Take system calls away from a jail that no app needs, and in which kernels had their faults.

The filter is a program for the kernel's BPF machine, see seccomp(2): an array of instructions, each
a code, two jumps and a number.
"""

import errno
import platform
import struct
from collections.abc import Iterator

LOAD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER_OFFSET, ARCHITECTURE_OFFSET = 0, 4  # in the kernel's `struct seccomp_data`
ALLOW, FAIL = 0x7FFF0000, 0x00050000
X32 = 0x40000000  # another set of numbers on x86-64, which nobody uses
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
URING = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}
NEWER = {  # they have the same numbers everywhere
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "memfd_secret": 447,
}
FORBIDDEN = {
    "x86_64": {
        "memfd_create": 319,  # memory of no process and of no folder: nothing would count it
        "shmget": 29,  # the same
        "ptrace": 101,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "kcmp": 312,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "bpf": 321,
        "perf_event_open": 298,
        "userfaultfd": 323,
        "syslog": 103,
        "init_module": 175,
        "delete_module": 176,
        "finit_module": 313,
        "kexec_load": 246,
        "kexec_file_load": 320,
        "reboot": 169,
        "name_to_handle_at": 303,
        "open_by_handle_at": 304,
        "acct": 163,
        "quotactl": 179,
        "unshare": 272,
        "setns": 308,
        "mount": 165,
        "umount2": 166,
        "pivot_root": 155,
        "swapon": 167,
        "swapoff": 168,
    },
    "aarch64": {
        "memfd_create": 279,
        "shmget": 194,
        "ptrace": 117,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "kcmp": 272,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "bpf": 280,
        "perf_event_open": 241,
        "userfaultfd": 282,
        "syslog": 116,
        "init_module": 105,
        "delete_module": 106,
        "finit_module": 273,
        "kexec_load": 104,
        "kexec_file_load": 294,
        "reboot": 142,
        "name_to_handle_at": 264,
        "open_by_handle_at": 265,
        "acct": 89,
        "quotactl": 60,
        "unshare": 97,
        "setns": 268,
        "mount": 40,
        "umount2": 39,
        "pivot_root": 41,
        "swapon": 224,
        "swapoff": 225,
    },
}


def write_filter(machine: str = "") -> bytes:
    """Return the filter for this machine; empty where the numbers are not known."""
    name = machine or platform.machine()
    if name not in ARCHITECTURES:
        return b""
    return b"".join(struct.pack("=HBBI", *line) for line in list_instructions(name))


def list_instructions(machine: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield the instructions: calls of another machine fail, so do those that are forbidden.

    A program that finds no io_uring goes on without it, as on an older kernel.
    """
    yield LOAD, 0, 0, ARCHITECTURE_OFFSET
    yield JUMP_IF_EQUAL, 1, 0, ARCHITECTURES[machine]
    yield RETURN, 0, 0, FAIL | errno.EPERM
    yield LOAD, 0, 0, NUMBER_OFFSET
    yield JUMP_IF_AT_LEAST, 0, 1, X32
    yield RETURN, 0, 0, FAIL | errno.EPERM
    for number in {**FORBIDDEN[machine], **NEWER}.values():
        yield from fail(number, errno.EPERM)
    for number in URING.values():
        yield from fail(number, errno.ENOSYS)
    yield RETURN, 0, 0, ALLOW


def fail(number: int, reason: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield what lets a system call fail for a reason."""
    yield JUMP_IF_EQUAL, 0, 1, number
    yield RETURN, 0, 0, FAIL | reason
