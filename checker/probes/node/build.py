"""Build a frontend, and keep what was built: the same sources are never built twice."""

import hashlib
import os
import re
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import msgspec

from checker.probes.app import AppProcess
from checker.probes.excerpt import clean_text
from checker.probes.lock import hold_lock, try_lock
from checker.probes.node.packages import FrontendError
from checker.probes.node.program import BUILD_LIMITS, NodeProgram
from checker.probes.node.tools import NodeTools
from checker.probes.port import find_free_port
from checker.probes.submission import list_app_files
from checker.probes.watchdog import Watchdog

NOTE = ".course.json"  # in each build: the port of the address that was built in
MADE = frozenset({"node_modules", ".next"})
MOST_BUILDS = 8  # unless COURSE_BUILDS says otherwise
MOST_LINES = 12
PLACE = re.compile(  # as Next writes it, and as tsc does: `page.tsx:3:9`, `page.tsx(3,9)`
    r"^(?:\./)?(?P<file>[\w()\[\]@./ -]+\.(?:tsx?|jsx?|mjs|css|json))[:(](?P<line>\d+)"
)
ERROR = re.compile(r"[Ee]rror|\u2a2f")  # the mark before it is a cross
NOISE = re.compile(
    r"^\s*(?:▲|at |npm |- Environments|Creating an optimized|Running TypeScript|> |✓|Attention"
    r"|Next\.js build worker|https?://nextjs\.org/telemetry|Turbopack build failed|\s*$)"
)


@dataclass(frozen=True)
class Build:
    """A frontend that was built.

    Attributes:
        folder: Where `next start` runs.
        api_port: The port of the address that was built in as NEXT_PUBLIC_API_URL.
    """

    folder: Path
    api_port: int

    @property
    def api_url(self) -> str:
        """The address that was built in."""
        return f"http://localhost:{self.api_port}"


@dataclass(frozen=True)
class BuildOrder:
    """What to build, and with what.

    Attributes:
        frontend: The copy of the learner's folder.
        home: What `install_packages` returned.
        scratch: The run's own folder.
        stopping: Set when nobody waits for the build any more.
    """

    frontend: Path
    home: Path
    tools: NodeTools
    scratch: Path
    watchdog: Watchdog
    stopping: threading.Event


@contextmanager
def lend_build(order: BuildOrder) -> Iterator[Build]:
    """Lend what is built of these sources to one run; a second run at the same time gets another.

    Raises:
        FrontendError: the build failed.
    """
    builds = order.home / "builds"
    builds.mkdir(exist_ok=True)
    with ExitStack() as stack:
        name = hash_sources(order.frontend)
        copies = (builds / f"{name}-{number}" for number in count())
        kept = next(c for c in copies if stack.enter_context(try_lock(name_lock(c))))
        yield find_build(kept) or build_frontend(order, kept)


def name_lock(kept: Path) -> Path:
    """Return the file that whoever uses a build has locked."""
    return kept.with_name(f"{kept.name}.lock")


def find_build(kept: Path) -> Build | None:
    """Return what was built before, unless something else listens at its address now."""
    note = kept / NOTE
    if not note.exists():
        return None
    port = msgspec.json.decode(note.read_bytes(), type=int)
    if not is_free(port):
        return None
    note.touch()
    return Build(kept, port)


def build_frontend(order: BuildOrder, kept: Path) -> Build:
    """Build for an address at which nothing listens.

    Raises:
        FrontendError: the build failed.
    """
    shutil.rmtree(kept, ignore_errors=True)
    build = Build(kept, find_free_port())
    site = order.home / "site"
    with hold_lock(order.home / "lock"):
        replace_sources(order.frontend, site)
        run_build(site, order, build.api_url)
        keep(site, kept)
        (kept / NOTE).write_bytes(msgspec.json.encode(build.api_port))
        remove_oldest(kept.parent)
    return build


def hash_sources(frontend: Path) -> str:
    """Return a name for the sources: another one when any file differs."""
    digest = hashlib.sha256()
    for path in list_app_files(frontend):
        if path.is_file():
            content = path.read_bytes()
            name = path.relative_to(frontend).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:20]


def is_free(port: int) -> bool:
    """Tell whether nothing listens there."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def replace_sources(frontend: Path, site: Path) -> None:
    """Put these sources where the last ones were; Next's own cache stays, so a change is quick."""
    for path in site.iterdir():
        if path.name not in MADE:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    shutil.copytree(frontend, site, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*MADE))


def run_build(site: Path, order: BuildOrder, api_url: str) -> None:
    """Run `npm run build` as the learner would.

    Raises:
        FrontendError: it failed, or did not end.
    """
    env = order.tools.make_env(order.scratch, {"NEXT_PUBLIC_API_URL": api_url})
    program = NodeProgram([order.tools.npm, "run", "build"], site, env, BUILD_LIMITS)
    order.watchdog.add(program)
    try:
        code = wait_for_build(program, order.stopping)
    finally:
        program.kill()
        program.output.join(5)
    if code != 0 or not (site / ".next" / "BUILD_ID").exists():
        raise explain_build(program, code, site)


def explain_build(program: AppProcess, code: int | None, site: Path) -> FrontendError:
    """Return what a build that failed stands for.

    Args:
        program: It has ended.
        code: Its exit code; None when it had to be ended.
        site: Where it ran.
    """
    output = program.output.read_since()
    got = "npm run build failed"
    if program.ended_because:
        got = f"npm run build was ended because {program.ended_because}"
    elif code is None:
        got = f"npm run build had not ended after {BUILD_LIMITS.program:g} s"
    elif code == 0:
        got = "npm run build ended well, but there is no .next/BUILD_ID"
    place = find_place(output, site)
    return FrontendError(
        f"{got}, at {place}" if place else got,
        "Mend the line that is named, then run npm run build in frontend/ until it ends well.",
        cut_build(output, site),
    )


def wait_for_build(program: AppProcess, stopping: threading.Event) -> int | None:
    """Return the exit code; None when time is up, or when nobody waits any more."""
    deadline = time.monotonic() + program.limits.program
    while time.monotonic() < deadline and not stopping.is_set():
        if (code := program.wait(0.2)) is not None:
            return code
    return None


def find_place(output: str, site: Path) -> str:
    """Return the learner's file and line that the build stumbled over."""
    for line in clean_text(output).replace(f"{site}/", "./").splitlines():
        is_theirs = not NOISE.match(line) and not any(f"{name}/" in line for name in MADE)
        if is_theirs and (place := PLACE.match(line.strip())):
            return f"frontend/{place['file']}:{place['line']}"
    return ""


def cut_build(output: str, site: Path) -> str:
    """Return the part of a build's output that tells what is wrong: no frames, no banners."""
    text = clean_text(output).replace(f"{site}/", "").replace(f"{site}", "frontend")
    lines = [x.rstrip() for x in text.splitlines() if not NOISE.match(x)]
    starts = [n for n, x in enumerate(lines) if PLACE.match(x.strip()) or ERROR.search(x)]
    return "\n".join(line[:200] for line in lines[starts[0] if starts else 0 :][:MOST_LINES])


def keep(site: Path, kept: Path) -> None:
    """Copy what was built, less the cache that only another build would need."""
    kept.mkdir(parents=True)
    for path in site.iterdir():
        if path.name == "node_modules":
            link_folder(path, kept / path.name)
        elif path.is_dir():
            shutil.copytree(path, kept / path.name, ignore=leave_out_cache)
        else:
            shutil.copy2(path, kept / path.name)


def leave_out_cache(folder: str, _names: list[str]) -> set[str]:
    """Return what of a folder is not copied: Next's own cache, and no page that is called so."""
    return {"cache"} if Path(folder).name == ".next" else set()


def link_folder(folder: Path, link: Path) -> None:
    """Make a second name for a folder; on Windows a junction, which takes no special right."""
    if sys.platform == "win32":
        import _winapi

        _winapi.CreateJunction(f"{folder}", f"{link}")
    else:
        link.symlink_to(folder, target_is_directory=True)


def remove_oldest(builds: Path) -> None:
    """Keep the builds that were used last, and those that somebody uses now."""
    most = int(os.environ.get("COURSE_BUILDS", MOST_BUILDS))
    used = sorted(builds.glob(f"*/{NOTE}"), key=lambda note: note.stat().st_mtime)
    for kept in (note.parent for note in used[:-most]):
        with try_lock(name_lock(kept)) as is_unused:
            if is_unused:
                (kept / "node_modules").unlink(missing_ok=True)  # never what the link leads to
                shutil.rmtree(kept, ignore_errors=True)
