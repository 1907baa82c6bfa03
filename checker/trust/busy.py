"""Keep cores or disks busy for a while: on a machine with other work, time limits are tried."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

# Each ends by itself when whoever started it is gone.
COUNT = "import os, sys\nwhile os.getppid() == int(sys.argv[1]):\n    sum(range(100_000))\n"
WRITE = """
import os, sys, tempfile
with tempfile.TemporaryFile(dir=sys.argv[2], buffering=0) as file:
    while os.getppid() == int(sys.argv[1]):
        file.seek(0)
        file.write(bytes(16 << 20))
        os.fsync(file.fileno())
"""


@contextmanager
def keep_busy(cores: int) -> Iterator[None]:
    """Let so many processes count until the end of the block."""
    with run_beside([[COUNT]] * cores):
        yield


@contextmanager
def keep_disks_busy(folders: Iterable[Path]) -> Iterator[None]:
    """Write beside whatever lies in these folders, and wait for the disk each time, over and over.

    Who writes there meanwhile, PostgreSQL among them, waits in the same queue.
    """
    with run_beside([[WRITE, f"{folder}"] for folder in folders]):
        yield


@contextmanager
def run_beside(programs: Iterable[list[str]]) -> Iterator[None]:
    """Run programs, each with its arguments, until the end of the block."""
    with ExitStack() as stack:
        for program, *arguments in programs:
            command = [sys.executable, "-I", "-c", program, f"{os.getpid()}", *arguments]
            process = stack.enter_context(subprocess.Popen(command))
            stack.callback(process.kill)
        yield
