"""Run the learner's app in this process, as `uvicorn app.main:app` would, or a program of theirs.

This file and `app_host.py` run in the app's environment, never in the judge's: standard library
and uvicorn only.
"""

import contextlib
import importlib
import json
import os
import runpy
import socket
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import disturb

del sys.path[0]  # the learner's app must not find our modules

STARTUP_FAILURE = 3  # uvicorn's own exit code for an app that did not start


def run(order: dict[str, Any], listener: socket.socket) -> int:
    """Run what was ordered, the program or else the app, and return the exit code."""
    if order["program"]:
        return run_program(order["folder"], order["hidden"], order["program"])
    return serve(order["folder"], order["hidden"], listener)


def serve(folder: str, hidden: Iterable[str], listener: socket.socket) -> int:
    """Serve `app.main:app` of `folder` on a socket that listens already; return the exit code."""
    import uvicorn

    if seconds := os.environ.pop(disturb.VARIABLE, ""):
        disturb.pause_threads(folder, float(seconds))
    let_in(folder, hidden)
    sys.argv = ["uvicorn", "app.main:app"]
    server = uvicorn.Server(uvicorn.Config("app.main:app"))
    server.run(sockets=[listener])
    return 0 if server.started else STARTUP_FAILURE


def run_program(folder: str, hidden: Iterable[str], program: list[str]) -> int:
    """Run a module of the app's environment with its arguments, as its own command would.

    The module is found before the app's folder is on the path: a folder there may have its name.
    """
    hide(hidden)
    importlib.import_module(program[0])
    let_in(folder, hidden)
    sys.argv = program
    runpy.run_module(program[0], run_name="__main__", alter_sys=True)
    return 0


def let_in(folder: str, hidden: Iterable[str]) -> None:
    """Make the app's own modules importable, also those that have the name of a hidden package."""
    hide(set(hidden) - {path.stem for path in Path(folder).iterdir()})
    sys.path.insert(0, folder)


def hide(names: Iterable[str]) -> None:
    """Let the app find all packages but these, instead of those that were hidden before.

    What is hidden is merely absent: an app may ask whether it is there, and go on without it.
    """
    hidden = frozenset(names)

    class VisiblePackages(PathFinder):
        @classmethod
        def find_spec(
            cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            if fullname.partition(".")[0] in hidden:
                return None
            return PathFinder.find_spec(fullname, path, target)

    sys.meta_path[:] = [
        VisiblePackages if isinstance(finder, type) and issubclass(finder, PathFinder) else finder
        for finder in sys.meta_path
    ]


def set_limits(limits: dict[str, int]) -> None:
    """Set limits by their names in `resource`, never above what this process may have.

    What a system does not know, or knows and refuses to set (macOS), is left out.
    """
    if sys.platform == "win32":
        return
    import resource

    for name, wanted in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def main() -> int:
    """Run in a fresh interpreter: `serve.py '{"folder", "program", "hidden", "limits"}'`.

    The first line of the output is the number of the port, which the system chose.
    """
    options = json.loads(sys.argv[1])
    set_limits(options["limits"])
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        os.write(1, b"%d\n" % listener.getsockname()[1])
        return run(options, listener)


if __name__ == "__main__":
    raise SystemExit(main())
