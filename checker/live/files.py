"""Have enough open files: each connection is one."""

import sys

ENOUGH = 4096


def get_files() -> int:
    """Return how many files may be open, after asking for as many as the system grants, or enough.

    On macOS a process begins with 256; on Windows sockets are no files.
    """
    if sys.platform == "win32":
        return ENOUGH
    else:  # noqa: RET505 - mypy on Windows calls it unreachable otherwise
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        granted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
        if 0 <= soft < granted:  # below 0 is no limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
        return granted
