"""Turn the learner's compose file into one that can run beside everything else here.

What it says stays as it is: images, commands, variables, conditions. Its published ports move to
free ones, wherever they are named; names, networks and volumes become the project's own; health
checks are asked more often; and all gets the run's label.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from checker.containers.compose import read_pairs, read_volume, share_builds
from checker.containers.dockerfile import fill_in, parse_dockerfile
from checker.containers.safety import find_danger
from checker.probes.containers.guard import LABEL
from checker.probes.containers.images import ADDRESS, BuildSpec
from checker.probes.containers.trouble import ContainerError, cut_log

USUAL_PAGES, USUAL_HTTP = 3000, 80
# Often, so that nobody waits for the next look; as often as it takes a slow machine to start.
ASKED_OFTEN = {"interval": "1s", "retries": 90}
HOST = "host.docker.internal"
PUBLISHED = re.compile(
    r"^(?:(?P<host>[\d.]+|\[[\d:a-f]*\]):)?(?:(?P<published>\d+):)?(?P<target>\d+)(?:/\w+)?$"
)


def parse_rendered(text: str, app: Path) -> dict[str, Any]:
    """Read what compose says that the file means, without what has a profile: nobody starts it.

    Args:
        text: What it says; paths are whole there.
        app: The folder that the services may see.

    Raises:
        ContainerError: a service reaches for what is not its own.
    """
    start = re.search(r"^(?:name|services|version|networks|volumes):", text, re.MULTILINE)
    found: dict[str, Any] = yaml.safe_load(text[start.start() :] if start else text) or {}
    listed: dict[str, dict[str, Any]] = found.get("services") or {}
    found["services"] = {n: facts for n, facts in listed.items() if not facts.get("profiles")}
    share_builds(found["services"])
    for name, facts in found["services"].items():
        if danger := find_danger({**facts, "volumes": list_foreign(facts.get("volumes"), app)}):
            raise ContainerError(
                f"the service {name} to keep to itself", danger, "Take it out.", cut_log(text)
            )
    return found


def list_foreign(volumes: Any, app: Path) -> list[Any]:
    """Return the mounts that are no folder of the app's."""
    inside = app.resolve()
    return [v for v in volumes or [] if not Path(read_volume(v)[0]).is_relative_to(inside)]


def list_published(rendered: Mapping[str, Any]) -> dict[str, list[tuple[int, int]]]:
    """Return the ports of each service: as published, and in the container."""
    services: dict[str, dict[str, Any]] = rendered.get("services") or {}
    return {
        name: [pair for one in facts.get("ports") or [] if (pair := read_port(one))]
        for name, facts in services.items()
    }


def read_port(value: object) -> tuple[int, int] | None:
    """Read one port, whichever way it is written; None for one that the engine chooses."""
    if isinstance(value, dict):
        published = str(value.get("published") or "")
        return (int(published), int(value["target"])) if published.isdigit() else None
    found = PUBLISHED.match(str(value))
    return (int(found["published"]), int(found["target"])) if found and found["published"] else None


def move_ports(rendered: dict[str, Any], moved: Mapping[int, int]) -> None:
    """Publish on other ports, for this machine alone, and tell all who were told the old ones."""
    published = list_published(rendered)
    for name, facts in rendered["services"].items():
        if "ports" in facts:
            pairs = published[name]
            facts["ports"] = [f"127.0.0.1:{moved[old]}:{target}" for old, target in pairs]
        facts["environment"] = move_addresses(read_pairs(facts.get("environment")), moved)
        if isinstance(build := facts.get("build"), dict) and build.get("args"):
            build["args"] = move_addresses(read_pairs(build["args"]), moved)


def tell_defaults(
    rendered: dict[str, Any], moved: Mapping[int, int], own: tuple[str, str], app: Path
) -> None:
    """Tell the app of ports that have moved where its compose file may keep silent about them.

    The backend allows http://localhost:3000 by itself, and the ARG of the frontend's Dockerfile can
    have a default.
    """
    services, (backend, frontend) = rendered["services"], own
    if USUAL_PAGES in moved and backend in services:
        usual = {"CORS_ORIGINS": f"http://localhost:{moved[USUAL_PAGES]}"}
        services[backend]["environment"] = usual | read_pairs(services[backend].get("environment"))
    build = services.get(frontend, {}).get("build")
    if isinstance(build, dict):
        spec = read_build(build, app)
        parsed = parse_dockerfile((spec.context / spec.dockerfile).read_text("utf-8"))
        arguments = [*parsed.heads, *(one for stage in parsed.stages for one in stage.find("ARG"))]
        known: dict[str, str] = {}
        for name, value in (pair for one in arguments for pair in one.pairs if pair[1]):
            known[name] = fill_in(value, known)
        usual = move_addresses({ADDRESS: known[ADDRESS]} if ADDRESS in known else {}, moved)
        build["args"] = usual | read_pairs(build.get("args"))


def move_addresses(told: Mapping[str, str], moved: Mapping[int, int]) -> dict[str, str]:
    """Put the new ports into addresses of this machine; one that names no port means 80."""

    def replace(found: re.Match[str]) -> str:
        port = int(found[2] or USUAL_HTTP)
        return f"{found[1]}:{moved[port]}" if port in moved else found[0]

    local = r"(?:localhost|127\.0\.0\.1)"
    pattern = re.compile(rf"({local}(?=:)|http://{local}(?![\w.:-]))(?::(\d+))?")
    return {name: pattern.sub(replace, value) for name, value in told.items()}


def make_own(rendered: dict[str, Any], project: str, run: str) -> None:
    """Give everything the run's label, and no name that another project could have."""
    for facts in rendered["services"].values():
        facts.pop("container_name", None)
        facts["labels"] = {**read_pairs(facts.get("labels")), LABEL: run}
        facts["healthcheck"] = {**(facts.get("healthcheck") or {}), **ASKED_OFTEN}
        hosts = facts.get("extra_hosts") or []
        if HOST not in str(hosts):
            listed = [f"{k}:{v}" for k, v in hosts.items()] if isinstance(hosts, dict) else hosts
            facts["extra_hosts"] = [*listed, f"{HOST}:host-gateway"]
    networks = rendered.setdefault("networks", None) or {}
    rendered["networks"] = {
        n: own(f, project, n, run) for n, f in {"default": {}, **networks}.items()
    }
    volumes = rendered.get("volumes") or {}
    rendered["volumes"] = {n: own(f, project, n, run) for n, f in volumes.items()}
    rendered.pop("name", None)


def own(facts: object, project: str, name: str, run: str) -> dict[str, Any]:
    """Return a network or a volume with a name of this project."""
    kept = dict(facts) if isinstance(facts, dict) else {}
    kept.pop("external", None)
    kept["name"] = f"{project}_{name}"
    kept["labels"] = {**read_pairs(kept.get("labels")), LABEL: run}
    return kept


def read_build(build: object, app: Path) -> BuildSpec:
    """Return what a service is built from."""
    facts = build if isinstance(build, dict) else {"context": build}
    context = (app / str(facts.get("context") or ".")).resolve()
    if not context.is_relative_to(app.resolve()):
        raise ContainerError(
            "images to be built from the app's own folders",
            f"the context {facts.get('context')}",
            "Name a folder of the app, such as ./backend.",
        )
    return BuildSpec(
        context,
        str(facts.get("dockerfile") or "Dockerfile"),
        str(facts.get("target") or ""),
        tuple(sorted(read_pairs(facts.get("args")).items())),
    )


def write_rendered(rendered: Mapping[str, Any], file: Path) -> None:
    """Write a compose file."""
    file.write_text(yaml.safe_dump(dict(rendered), sort_keys=False), encoding="utf-8")
