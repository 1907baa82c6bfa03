"""Broken and hostile apps, and a look at what a run over them leaves behind."""

import os
import shutil
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
SOLUTION = ROOT / "solutions" / "01-setup"
MIB = 1 << 20
LONGEST_CLEANUP = 15.0  # seconds; on an idle machine it takes a fraction of one

# Leaves every path to the app of the solution but one, which the test answers itself.
AROUND_OPENAPI = """
inner = app


async def app(scope, receive, send):
    if scope.get("path") != "/openapi.json":
        return await inner(scope, receive, send)
{body}
"""
START_ANSWER = 'await send({"type": "http.response.start", "status": 200, "headers": []})'


def write_app(
    folder: Path, code: str = "", *, route: str = "", files: dict[str, str] | None = None
) -> Path:
    """Write the solution of lesson 1 with something wrong in it.

    Args:
        folder: A folder that does not exist yet.
        code: Put at the end of main.py, so that it runs when the app is imported.
        route: The body of an ASGI function that answers /openapi.json.
        files: Files by their paths, written or replaced.
    """
    shutil.copytree(SOLUTION, folder)
    body = textwrap.indent(textwrap.dedent(route), "    ")
    with (folder / "backend/app/main.py").open("a", encoding="utf-8") as main:
        main.write(textwrap.dedent(code))
        main.write(AROUND_OPENAPI.format(body=body) if route else "")
    for path, text in (files or {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def answer_with(code: str) -> str:
    """Return the body of a route that begins a good answer, then goes on with this."""
    return f"{START_ANSWER}\n{textwrap.dedent(code)}"


def wait_until_clean(folder: Path) -> list[str]:
    """Return what a run left in its temporary folder, and which of its processes still run."""
    deadline = time.monotonic() + LONGEST_CLEANUP
    while left := list_left(folder):
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return left


def list_left(folder: Path) -> list[str]:
    """Name the folders of runs, and the processes that are no idle nursery."""
    folders = [str(path) for path in folder.glob("course-*") if "course-warm" not in path.name]
    processes = list_marked(folder)
    nurseries = [p for p in processes if is_nursery(p)]
    for nursery in nurseries:
        with suppress(psutil.Error):
            processes += nursery.children(recursive=True)
    return folders + [describe(p) for p in processes if p not in nurseries or p.ppid() in nurseries]


def list_marked(folder: Path) -> list[psutil.Process]:
    """Return the processes, but us, that name a folder in their command, place or variables."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            marks = [process.cwd(), *process.cmdline(), *process.environ().values()]
            if process.pid != os.getpid() and any(str(folder) in mark for mark in marks):
                found.append(process)
    return found


def is_nursery(process: psutil.Process) -> bool:
    """Tell a nursery from the hosts and apps that were forked from it."""
    with suppress(psutil.Error):
        parent = process.parent()
        is_forked = parent is not None and "nursery.py" in " ".join(parent.cmdline())
        return "nursery.py" in " ".join(process.cmdline()) and not is_forked
    return False


def describe(process: psutil.Process) -> str:
    """Return the number and the command of a process."""
    with suppress(psutil.Error):
        return f"{process.pid} {' '.join(process.cmdline())[:80]}"
    return f"{process.pid}"


def end(processes: list[psutil.Process]) -> None:
    """Kill processes and their children, and wait for their end."""
    for process in list(processes):
        with suppress(psutil.Error):
            processes += process.children(recursive=True)
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(processes, timeout=10)
