"""Show a notebook in JupyterLab, in the browser, until the learner has seen enough."""

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

from rich.console import Console

from checker.errors import CourseError, ExitCode
from checker.notebooks.room import find_python
from checker.paths import CoursePaths
from checker.probes.serving import stop
from checker.probes.tree import kill_all, list_tree
from checker.user import is_root

LONGEST_START = 60.0  # seconds
NO_NEWS = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
OPTIONS = (
    "--no-browser",  # we open it, when it answers
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port_retries=0",
    "--ServerApp.answer_yes=True",  # Ctrl-C is meant
    "--LabApp.extension_manager=readonly",  # asks nothing of the internet
)


class Lab:
    """One JupyterLab.

    Args:
        book: The file that it shows; its folder is all that can be reached.
        port: Where it listens, on this machine only.
    """

    def __init__(self, book: Path, port: int, paths: CoursePaths) -> None:
        self.token = secrets.token_urlsafe(16)
        self.address = f"http://localhost:{port}/lab/tree/{book.name}?token={self.token}"
        self._book = book
        self._port = port
        self._log = paths.cache / "jupyter" / "log"

    def serve(self, variables: dict[str, str], console: Console, *, opens_browser: bool) -> int:
        """Run until it is interrupted, and end every kernel then; return the exit code.

        Raises:
            CourseError: it does not start.
        """
        process = self._start(variables)
        try:
            self._wait_for_answer(process)
            console.print(f"Your notebook: {self.address}  (Ctrl-C ends it)")
            if opens_browser and has_screen():
                webbrowser.open(self.address)
            return ExitCode.PASSED if process.wait() == 0 else ExitCode.FAILED
        except KeyboardInterrupt:
            return ExitCode.PASSED
        finally:
            family = list_tree(process.pid)  # a kernel that is at work outlives who started it
            stop(process)
            kill_all(family)

    def _start(self, variables: dict[str, str]) -> "subprocess.Popen[bytes]":
        self._log.parent.mkdir(parents=True, exist_ok=True)
        write_page_config(Path(variables["JUPYTER_CONFIG_DIR"]))
        command = [f"{find_python()}", "-P", "-m", "jupyterlab", *OPTIONS]
        command += [f"--ServerApp.port={self._port}", f"--ServerApp.root_dir={self._book.parent}"]
        if is_root():
            command.append("--allow-root")  # in a container many are
        with self._log.open("wb") as log:
            return subprocess.Popen(
                command,
                cwd=self._book.parent,
                # Not among the arguments, which others on this machine can read.
                env=variables | {"JUPYTER_TOKEN": self.token},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait_for_answer(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + LONGEST_START
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
                said = "\n".join(lines[-3:])
                raise CourseError(f"JupyterLab did not start:\n{said}", f"Read {self._log}.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        address = f"http://127.0.0.1:{self._port}/api"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004 - OK
        except (urllib.error.URLError, OSError):
            return False


def write_page_config(folder: Path) -> None:
    """Keep JupyterLab from asking whether it may bring news: not one is about the lesson."""
    file = folder / "labconfig" / "page_config.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(NO_NEWS), encoding="utf-8")


def has_screen() -> bool:
    """Tell whether a browser would have a window: one for terminals would take ours."""
    is_shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return sys.platform in {"win32", "darwin"} or is_shown
