"""Keep cores busy for a while: on a machine that has other work to do, time limits are tried."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

# Ends by itself when whoever started it is gone.
WORK = "import os, sys\nwhile os.getppid() == int(sys.argv[1]):\n    sum(range(100_000))\n"


@contextmanager
def keep_busy(cores: int) -> Iterator[None]:
    """Let so many processes count until the end of the block."""
    command = [sys.executable, "-I", "-c", WORK, f"{os.getpid()}"]
    with ExitStack() as stack:
        for _ in range(cores):
            process = stack.enter_context(subprocess.Popen(command))
            stack.callback(process.kill)
        yield
