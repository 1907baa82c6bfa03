"""Find out whether a build takes packages from the cache after a change of the sources."""

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from checker.containers.dockerfile import parse_dockerfile
from checker.probes.containers.images import BuildSpec, build_own, make_command, tell_address
from checker.probes.containers.lab import Lab

# As the old builder and BuildKit write it.
BEGINS = re.compile(r"^(?:Step \d+/\d+ :|#(?P<number>\d+) \[[^\]]*\d+/\d+\]) *RUN (?P<command>.*)")
CACHED = re.compile(r"^(?: ---> Using cache|#(?P<number>\d+) CACHED)")
RUNS = re.compile(r"^(?: ---> Running in|#(?P<number>\d+) (?:[\d.]+ |DONE))")
Installs = Callable[[str], bool]
"""Tells whether a command installs packages."""
COMMENTS = {".py": "# {}\n", ".ts": "// {}\n", ".tsx": "// {}\n", ".css": "/* {} */\n"}


def is_installed_again(lab: Lab, folder: str, installs: Installs, sources: tuple[str, ...]) -> bool:
    """Change every source file of an image's folder, and watch a build up to the packages.

    The file is cut there, and the build is broken off when it installs: nothing of it stays.
    """
    build_own(lab, folder)
    changed = lab.scratch / f"changed-{folder}"
    shutil.copytree(lab.app / folder, changed)
    for name in sources:
        change_sources(changed / name)
    cut_after(changed / "Dockerfile", installs)
    spec = BuildSpec(changed, arguments=tell_address(lab, folder))
    with lab.running(make_command(lab, spec)) as building:
        assert building.stdout is not None  # noqa: S101 - started with a pipe
        lines = (line.decode(errors="replace").rstrip() for line in building.stdout)
        return find_verdict(lines, installs)


def cut_after(file: Path, installs: Installs) -> None:
    """Leave a Dockerfile's first RUN that installs packages, and what stands before it."""
    text = file.read_text(encoding="utf-8", errors="replace")
    runs = (run for stage in parse_dockerfile(text).stages for run in stage.find("RUN"))
    ends = (run.end for run in runs if installs(run.rest))
    kept = text.splitlines(keepends=True)[: next(ends, None)]
    file.write_text("".join(kept), encoding="utf-8")


def change_sources(folder: Path) -> None:
    """Add a comment to every source file, never the same one twice."""
    word = secrets.token_hex(8)
    for file in folder.rglob("*"):
        if (comment := COMMENTS.get(file.suffix)) and file.is_file():
            text = file.read_text(encoding="utf-8")
            file.write_text(f"{text}\n{comment.format(word)}", encoding="utf-8")


def find_verdict(lines: Iterator[str], installs: Installs) -> bool:
    """Tell whether the step that installs runs, rather than coming from the cache."""
    waiting: str | None = None  # the number that BuildKit gave to the step
    is_waiting = False
    for line in lines:
        if begins := BEGINS.match(line):
            if installs(begins["command"]):
                waiting, is_waiting = begins["number"], True
            elif begins["number"] is None:
                is_waiting = False
        for pattern, verdict in ((CACHED, False), (RUNS, True)):
            found = pattern.match(line)
            if is_waiting and found and found["number"] == waiting:
                return verdict
    return False
