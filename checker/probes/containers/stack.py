"""Bring up the learner's whole app with compose, and take it down again."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.containers.compose import find_compose_file
from checker.probes.app import AppLimits
from checker.probes.containers.images import build, get_base
from checker.probes.containers.lab import Lab
from checker.probes.containers.render import (
    list_published,
    make_own,
    move_ports,
    parse_rendered,
    read_build,
    tell_defaults,
    write_rendered,
)
from checker.probes.containers.trouble import ContainerError, cut_log, excuse_machine
from checker.probes.fresh import FreshApp
from checker.probes.port import find_free_port

LONGEST_UP = 240.0  # seconds
LIMITS = AppLimits(start=60.0, silence=20.0, answer=40.0)


@dataclass(frozen=True)
class Place:
    """Where a service is published; port 0 for nowhere."""

    service: str
    port: int


@dataclass(frozen=True)
class Stack:
    """One project of compose.

    Attributes:
        project: Its name.
        file: The compose file that it runs.
        backend, frontend: What is published of the app.
        database: The name of the service that runs PostgreSQL; empty for none.
        services: The names of those that are started.
        environment: What each service is told.
    """

    lab: Lab
    project: str
    file: Path
    backend: Place
    frontend: Place
    database: str
    services: tuple[str, ...]
    environment: dict[str, dict[str, str]] = field(default_factory=dict)

    def up(self) -> None:
        """Start everything, and wait until compose has.

        Raises:
            ContainerError: a service does not start.
        """
        done = self._compose("up", "--detach", "--no-build", *self.services, longest=LONGEST_UP)
        if done.returncode != 0:
            excuse_machine(done.stdout)
            raise ContainerError(
                expected="docker compose up to start every service",
                got=self.describe() or "compose gave up",
                next_step="Read what the services say, below: docker compose logs shows all of it.",
                log=cut_log(f"{done.stdout}\n{self.read_logs()}"),
            )

    def down(self, *, volumes: bool = False) -> None:
        """Remove the containers, and with `volumes` the data."""
        self._compose("down", *(["--volumes"] if volumes else []))

    def restart(self, service: str) -> None:
        """Restart one service."""
        self._compose("restart", service)

    def describe(self) -> str:
        """Say what is wrong with the services, empty when nothing is."""
        found = []
        for name, state in self.list_states():
            has_failed = state["Status"] == "exited" and state["ExitCode"] != 0
            health = (state.get("Health") or {}).get("Status", "")
            if has_failed:
                found.append(f"{name} ended with exit code {state['ExitCode']}")
            elif state["Status"] == "running" and health == "unhealthy":
                found.append(f"{name} is unhealthy")
            elif state["Status"] in {"restarting", "dead"}:
                found.append(f"{name} is {state['Status']}")
        return ", ".join(found)

    def list_states(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the services with what the engine knows of each one's container."""
        engine = self.lab.engine
        label = f"label=com.docker.compose.project={self.project}"
        found = engine.ask("ps", "--all", "--quiet", "--filter", label).split()
        if not found:
            return []
        known = json.loads(engine.ask("inspect", *found))
        named = "com.docker.compose.service"
        return [(one["Config"]["Labels"].get(named, ""), one["State"]) for one in known]

    def read_logs(self) -> str:
        """Return the end of what the services wrote that are not well."""
        return str(self._compose("logs", "--no-color", "--tail=8").stdout)

    def follow(self, place: Place) -> FreshApp:
        """Return what shows what a service writes, and where it is published."""
        label = f"label=com.docker.compose.project={self.project}"
        own = f"label=com.docker.compose.service={place.service}"
        engine = self.lab.engine
        container = engine.ask("ps", "--quiet", "--filter", label, "--filter", own).split()[0]
        app = FreshApp(self.lab.start([engine.program, "logs", "--follow", container]), LIMITS)
        app.port = place.port
        return app

    def _compose(self, *words: str, longest: float = 120.0) -> Any:
        command = [*self.lab.compose, "--project-name", self.project, "--file", f"{self.file}"]
        command += ["--project-directory", f"{self.lab.app}", *words]
        return self.lab.command(command, folder=self.lab.app, longest=longest)


def prepare_stack(
    lab: Lab, name: str, variables: Mapping[str, str], *, is_whole: bool = True
) -> Stack:
    """Build what is needed, and write a compose file for a project of this name.

    Args:
        lab: Where it runs.
        name: Part of the project's name.
        variables: What .env says.
        is_whole: Whether the frontend belongs to it.

    Raises:
        ContainerError: compose refuses the file, or an image cannot be built.
    """
    project = f"course{lab.run}{name}"
    lab.once("env", lambda: write_env(lab.app / ".env", variables))
    rendered = parse_rendered(ask_config(lab, project, lab.app), lab.app)
    services = rendered["services"]
    own = (find_service(services, lab, "backend"), find_service(services, lab, "frontend"))
    published = list_published(rendered)
    moved = choose_ports(lab, published, own, is_first=is_whole)
    move_ports(rendered, moved)
    tell_defaults(rendered, moved, own, lab.app)
    make_own(rendered, project, lab.run)
    chosen = [n for n in services if is_whole or n != own[1]]
    for service in chosen:
        settle_image(lab, service, services[service])
    if not is_whole:
        services.pop(own[1], None)
    file = lab.scratch / f"{project}.yml"
    write_rendered(rendered, file)
    told = {n: dict(services[n].get("environment") or {}) for n in chosen}
    backend, frontend = (
        Place(n, moved[published[n][0][0]] if published.get(n) else 0) for n in own
    )
    database = next((n for n in chosen if "postgres" in str(services[n].get("image"))), "")
    return Stack(lab, project, file, backend, frontend, database, tuple(chosen), told)


def ask_config(lab: Lab, project: str, folder: Path) -> str:
    """Return what compose makes of the learner's file, with the .env beside it.

    Raises:
        ContainerError: it refuses.
    """
    file = find_compose_file(folder)
    if file is None:
        raise ContainerError("a file docker-compose.yml", "no such file", "Write it.")
    command = [*lab.compose, "--project-name", project, "--file", f"{file}", "config"]
    done = lab.command(command, folder=folder)
    if done.returncode != 0:
        raise ContainerError(
            expected="docker compose config to take the file",
            got=cut_log(done.stdout)[-300:] or "it says nothing",
            next_step="Fill in .env as .env.example says, and run docker compose config.",
            log=cut_log(done.stdout),
        )
    return done.stdout


def write_env(file: Path, variables: Mapping[str, str]) -> None:
    """Write a file such as .env."""
    lines = [f"{name}={value}\n" for name, value in variables.items()]
    file.write_text("".join(lines), encoding="utf-8")


def find_service(services: Mapping[str, Any], lab: Lab, part: str) -> str:
    """Return the service that is built from a folder and published, else any that is built so."""
    context = lab.app / part
    built = [
        name
        for name, facts in services.items()
        if facts.get("build") and read_build(facts["build"], lab.app).context == context.resolve()
    ]
    published = [name for name in built if services[name].get("ports")]
    return next(iter([*published, *built]), "")


def choose_ports(
    lab: Lab,
    published: Mapping[str, list[tuple[int, int]]],
    own: tuple[str, ...],
    *,
    is_first: bool,
) -> dict[int, int]:
    """Return a free port for each that is published; the first project gets the lab's."""
    usual = dict(zip(own, lab.ports, strict=True)) if is_first else {}
    moved: dict[int, int] = {}
    for name, pairs in published.items():
        for number, (old, _) in enumerate(pairs):
            first = usual.get(name) if number == 0 else None
            moved.setdefault(old, first or find_free_port())
    return moved


def settle_image(lab: Lab, name: str, facts: dict[str, Any]) -> None:
    """Build the image of a service, or get it, so that compose finds it here."""
    if "build" in facts:
        facts["image"] = build(lab, read_build(facts.pop("build"), lab.app), name).tag
    elif facts.get("image"):
        get_base(lab, str(facts["image"]))


def wait_for(seconds: float, is_so: Any) -> bool:
    """Wait until something is so; False when time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.2)
    return False
