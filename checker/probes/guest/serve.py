"""Run the learner's app in this process, as `uvicorn app.main:app` would.

This file and `app_host.py` run in the app's environment, never in the judge's: standard library
and uvicorn only.
"""

import json
import runpy
import socket
import sys
from collections.abc import Iterable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

STARTUP_FAILURE = 3  # uvicorn's own exit code for an app that did not start


class HiddenModules(MetaPathFinder):
    """Hide the packages that the app's requirements.txt does not ask for."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
        """Refuse a hidden module; leave every other to the next finder."""
        if fullname.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def serve(folder: str, hidden: Iterable[str], listener: socket.socket) -> int:
    """Serve `app.main:app` of `folder` on a socket that listens already; return the exit code."""
    import uvicorn

    prepare(folder, hidden)
    sys.argv = ["uvicorn", "app.main:app"]
    server = uvicorn.Server(uvicorn.Config("app.main:app"))
    server.run(sockets=[listener])
    return 0 if server.started else STARTUP_FAILURE


def run_program(folder: str, hidden: Iterable[str], program: list[str]) -> int:
    """Run a module of the app's environment, as `python -m NAME …` would."""
    prepare(folder, hidden)
    sys.argv = program
    runpy.run_module(program[0], run_name="__main__", alter_sys=True)
    return 0


def prepare(folder: str, hidden: Iterable[str]) -> None:
    """Make the app's own modules importable, and hide what it did not ask for."""
    own = {path.stem for path in Path(folder).iterdir()}
    sys.meta_path.insert(0, HiddenModules(set(hidden) - own))
    sys.path.insert(0, folder)


def main() -> int:
    """Serve in a fresh interpreter: `serve.py '{"folder": …, "hidden": […], "port": …}'`.

    With `"program": [NAME, …]` it runs that module instead.
    """
    options = json.loads(sys.argv[1])
    if options["program"]:
        return run_program(options["folder"], options["hidden"], options["program"])
    with socket.create_server(("127.0.0.1", options["port"]), backlog=512) as listener:
        return serve(options["folder"], options["hidden"], listener)


if __name__ == "__main__":
    raise SystemExit(main())
