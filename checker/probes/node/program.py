"""Run programs of Node.js: in a process group of their own, watched, with their output kept."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.probes.app import AppLimits
from checker.probes.fresh import FreshApp

BUILD_LIMITS = AppLimits(memory=3 << 30, processes=96, program=240.0)
SERVER_LIMITS = AppLimits(memory=2 << 30, processes=32, start=30.0)


class NodeProgram(FreshApp):
    """A running program; the port is the one that it was told, if any."""

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        env: Mapping[str, str],
        limits: AppLimits,
        port: int = 0,
    ) -> None:
        process = subprocess.Popen(
            [os.fspath(part) for part in command],
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        super().__init__(process, limits)
        self.port = port
