"""What many checks of the compose file do: read it, find its services."""

import re
from collections.abc import Iterator

import yaml

from checker.checks.expect import expect
from checker.checks.failure import CheckFailed
from checker.containers.compose import Compose, ComposeError, Service, find_compose_file
from checker.containers.compose import parse_compose as parse
from checker.probes.project import Project

VARIABLE = re.compile(r"(?<!\$)\$(?:\{(?P<braced>\w+)(?P<rule>:?[-?+][^}]*)?\}|(?P<bare>\w+))")


def read_compose(project: Project, task: str) -> Compose:
    """Return the app's compose file.

    Raises:
        CheckFailed: there is none, or it cannot be read.
    """
    try:
        return parse(read_compose_text(project, task))
    except ComposeError as error:
        raise CheckFailed(
            expected="a compose file that can be read",
            got=error.problem,
            next_step=error.next_step,
        ) from error


def read_compose_text(project: Project, task: str) -> str:
    """Return the text of the app's compose file."""
    file = find_compose_file(project.root)
    expect(
        file is not None,
        expected="a file docker-compose.yml beside backend/ and frontend/",
        got="no such file",
        next_step=f"Write it: ./course hint {task}",
    )
    return project.read(project.name(file)) or "" if file else ""


def find_database(compose: Compose) -> Service:
    """Return the service that runs PostgreSQL."""
    database = compose.find_database()
    if database is None:
        raise CheckFailed(
            expected="a service of the compose file to run the image postgres",
            got=f"services {name_started(compose)}, without it",
            next_step="Write image: postgres:17-trixie in the service db. What has a profile does "
            "not start by itself.",
        )
    return database


def find_app(compose: Compose, folder: str) -> list[Service]:
    """Return the services that are built from backend/ or frontend/."""
    found = compose.find_built(folder)
    expect(
        bool(found),
        expected=f"a service of the compose file to be built from {folder}/",
        got=f"services {name_started(compose)}, none with build: ./{folder}",
        next_step="Write it: ./course hint L6.6. What has a profile does not start by itself.",
    )
    return found


def name_started(compose: Compose) -> str:
    """Return the names of the services that start by themselves."""
    return ", ".join(one.name for one in compose.started) or "none"


def list_variables(text: str) -> dict[str, str]:
    """Return the variables that a compose file reads, each with its rule, such as `:-3000`."""
    found: dict[str, str] = {}
    for one in VARIABLE.finditer("\n".join(list_scalars(text))):
        name = one["braced"] or one["bare"]
        found[name] = found.get(name) or one["rule"] or ""
    return found


def list_scalars(text: str) -> Iterator[str]:
    """Yield the names and values of a YAML file, each once however often it is referred to."""
    try:
        waiting = [yaml.safe_load(text)]
    except yaml.YAMLError:
        waiting = [text]
    seen: set[int] = set()
    while waiting:
        match waiting.pop():
            case dict() | list() as one if id(one) in seen:
                continue
            case dict() as one:
                seen.add(id(one))
                waiting += [*one.keys(), *one.values()]
            case list() as one:
                seen.add(id(one))
                waiting += one
            case one:
                yield f"{one}"


def read_env(text: str) -> dict[str, str]:
    """Return the variables of a file such as .env; a comment may follow a value without quotes."""
    lines = [line.strip().removeprefix("export ") for line in text.splitlines()]
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): read_value(value.strip()) for name, _, value in pairs}


def read_value(text: str) -> str:
    """Return what a line of .env gives a variable."""
    if quoted := re.match(r"([\"'])(.*?)\1", text):
        return quoted[2]
    return re.sub(r"(?:^|\s+)#.*", "", text)
