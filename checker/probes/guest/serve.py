"""Run the learner's app in this process, as `uvicorn app.main:app` would.

This file and `app_host.py` run in the app's environment, never in the judge's: standard library
and uvicorn only.
"""

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

import disturb

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

    if seconds := os.environ.pop(disturb.VARIABLE, ""):
        disturb.pause_threads(folder, float(seconds))
    own = {path.stem for path in Path(folder).iterdir()}
    sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, HiddenModules)]
    sys.meta_path.insert(0, HiddenModules(set(hidden) - own))
    sys.path.insert(0, folder)
    sys.argv = ["uvicorn", "app.main:app"]
    server = uvicorn.Server(uvicorn.Config("app.main:app"))
    server.run(sockets=[listener])
    return 0 if server.started else STARTUP_FAILURE


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
    """Serve in a fresh interpreter: `serve.py '{"folder": …, "hidden": […], "limits": {…}}'`.

    The first line of the output is the number of the port, which the system chose.
    """
    options = json.loads(sys.argv[1])
    set_limits(options["limits"])
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        os.write(1, b"%d\n" % listener.getsockname()[1])
        return serve(options["folder"], options["hidden"], listener)


if __name__ == "__main__":
    raise SystemExit(main())
