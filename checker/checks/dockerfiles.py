"""What many checks of Dockerfiles do: read one, look at its final stage, find what installs."""

import re
from collections.abc import Mapping
from itertools import takewhile

from checker.checks.expect import expect
from checker.checks.failure import CheckFailed
from checker.containers.dockerfile import (
    Dockerfile,
    Instruction,
    Stage,
    fill_in,
    parse_dockerfile,
    read_arguments,
)
from checker.probes.project import Project

FOLDERS = ("backend", "frontend")
SOURCES = {"backend": ("app", "migrations"), "frontend": ("src", "public")}
TOOL = re.compile(  # what installs nothing but what installs
    r"\s(?:-g|--global)(?=\s|$)|\bpip3?\b.*?\binstall"
    r"(?:\s+(?:-(?!r|-requirement)\S+|[\"']?(?:pip|uv|poetry|pipenv|wheel|setuptools)\b\S*))+\s*$"
)
# Their sh is dash, which stays process 1. Bash and BusyBox give their place to a last command.
WITH_DASH = re.compile(r"slim|trixie|bookworm|bullseye|debian|ubuntu|^(?:python|node):[\d.]+$")
WITH_SCRIPT = re.compile(r"-\w*c\w*")  # any other option stands before a file
INSTALL = re.compile(
    r"\b(?:pip3?|uv|poetry|pipenv|npm|pnpm|yarn|bun)\b[^&|;\n]*(?:\b(?:install|sync|ci)|[\s\"]i)\b"
    r"|\byarn(?:\s+--\S+)*\s*(?:$|&)"
)
SECRET_NAME = re.compile(
    r"(?:SECRET|PASSWORD|PASSWD|TOKEN(?![A-Z_])|API_?KEY|CREDENTIAL|DATABASE_URL)"
    r"(?!.*_(?:FILE|DIR)$)",  # these say where it lies
    re.IGNORECASE,
)


def read_dockerfile(project: Project, folder: str, task: str) -> Dockerfile:
    """Return the Dockerfile of backend/ or frontend/.

    Raises:
        CheckFailed: there is none, or it has no FROM.
    """
    text = project.read(f"{folder}/Dockerfile")
    parsed = parse_dockerfile(text or "")
    expect(
        bool(parsed.stages),
        expected=f"a file {folder}/Dockerfile that begins with FROM",
        got="no such file" if text is None else "a file without FROM",
        next_step=f"Write it: ./course hint {task}",
    )
    return parsed


def find_in_final(parsed: Dockerfile, word: str) -> Instruction | None:
    """Return the instruction that counts in the image: a stage inherits from what it stands on."""
    found = (stage.find_last(word) for stage in parsed.trace(parsed.final))
    return next((one for one in found if one is not None), None)


def find_install(stage: Stage) -> Instruction | None:
    """Return the first RUN of a stage that installs packages."""
    return next((run for run in stage.find("RUN") if installs(run.rest)), None)


def installs(command: str) -> bool:
    """Tell whether a command installs the app's packages, and not only a tool that does."""
    parts = re.split(r"&&|[;|\n]", command)
    return any(INSTALL.search(part) and not TOOL.search(part) for part in parts)


def list_sources(copy: Instruction) -> list[str]:
    """Return what a COPY or ADD takes, its target left out."""
    words = copy.listed or copy.rest.partition("\n")[0].split()
    return words[:-1]


def list_pairs(stage: Stage, word: str) -> list[tuple[str, str]]:
    """Return the names and values that ENV or ARG instructions give."""
    return [pair for one in stage.find(word) for pair in one.pairs]


def find_variable(parsed: Dockerfile, wanted: str, told: Mapping[str, str]) -> str:
    """Return the value of a variable in the image, empty when it has none.

    Args:
        parsed: A Dockerfile.
        wanted: The name of the variable.
        told: Build arguments that replace the defaults.
    """
    heads = read_arguments(parsed.heads)
    arguments: dict[str, str] = {}
    environment: dict[str, str] = {}
    for stage in reversed(parsed.trace(parsed.final)):
        for one in stage.find("ARG", "ENV"):
            for name, value in one.pairs:
                filled = fill_in(value, arguments | environment)
                if one.word == "ENV":
                    environment[name] = filled
                else:
                    arguments[name] = told.get(name) or filled or heads.get(name, "")
    return environment.get(wanted, "")


def expect_user(parsed: Dockerfile, folder: str, task: str) -> None:
    """Expect the image to say that somebody runs it who is not root."""
    user = find_in_final(parsed, "USER")
    name = user.rest.partition(":")[0].strip() if user else ""
    step = f"Write USER 1000:1000 before CMD: ./course hint {task}"
    if name.isdecimal() and name not in {"0", "1000"}:
        step = "Take the number 1000, which is what hosts such as Hugging Face Spaces expect."
    expect(
        name not in {"", "root", "0"} and (not name.isdecimal() or name == "1000"),
        expected=f"USER in {folder}/Dockerfile to name the user 1000",
        got=f"USER {user.rest}" if user else "no USER: root runs it",
        next_step=step,
    )


def expect_listed_command(parsed: Dockerfile, folder: str, task: str) -> None:
    """Expect what is started to be a list, so that no shell stands in between."""
    entry, command = find_in_final(parsed, "ENTRYPOINT"), find_in_final(parsed, "CMD")
    started = entry or command
    if started is None:
        raise CheckFailed(
            expected=f"CMD in the last stage of {folder}/Dockerfile",
            got="neither CMD nor ENTRYPOINT",
            next_step=f"Say what is started: ./course hint {task}",
        )
    words = started.listed
    expect(
        words is not None,
        expected=f'{started.word} in {folder}/Dockerfile as a list: ["…", "…"]',
        got=f"{started.word} {started.rest[:120]}",
        next_step="As plain text a shell starts it, and keeps the signal to stop to itself.",
    )
    expect_exec(words or [], parsed.trace(parsed.final)[-1].base, folder)


def expect_exec(words: list[str], base: str, folder: str) -> None:
    """Expect a shell that stays process 1 to give way to the program, or to pass signals on."""
    shell = words[0].rpartition("/")[2] if words else ""
    stays = shell == "dash" or (shell == "sh" and WITH_DASH.search(base) is not None)
    options = list(takewhile(lambda word: word.startswith("-"), words[1:]))
    is_given = stays and any(map(WITH_SCRIPT.fullmatch, options))
    script = "".join(words[1 + len(options) :][:1]) if is_given else ""
    expect(
        not script or any(word in script for word in ("exec ", "$@", "trap ")),
        expected=f"the shell that {folder}/Dockerfile starts to give its place to the program",
        got=f"sh -c “{script[:120]}”",
        next_step="Write exec before the program, so that the signal to stop reaches it.",
    )


def expect_health_check(parsed: Dockerfile, folder: str, task: str) -> None:
    """Expect the image to say how one asks whether it is well."""
    found = find_in_final(parsed, "HEALTHCHECK")
    expect(
        found is not None and found.rest.upper() != "NONE",
        expected=f"HEALTHCHECK in the last stage of {folder}/Dockerfile",
        got="HEALTHCHECK NONE" if found else "none",
        next_step=f"Give it a command that asks the app in the container: ./course hint {task}",
    )
