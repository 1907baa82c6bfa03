"""Read a compose file as its author wrote it: nothing is filled in, nothing is merged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from checker.errors import CourseError

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")


class ComposeError(CourseError):
    """The file is no compose file."""


@dataclass(frozen=True)
class Service:
    """One service.

    Attributes:
        name: As the others reach it.
        facts: All that the file says of it.
    """

    name: str
    facts: dict[str, Any]

    @property
    def image(self) -> str:
        """The image that it runs, empty when only a build is named."""
        return str(self.facts.get("image") or "")

    @property
    def is_built(self) -> bool:
        """Whether its image is built from the app's own files."""
        return "build" in self.facts

    @property
    def is_tool(self) -> bool:
        """Whether it has a profile, and so starts only when somebody names it."""
        return bool(self.facts.get("profiles"))

    @property
    def environment(self) -> dict[str, str]:
        """Its variables; the file may list them as pairs or as `NAME=value`."""
        return read_pairs(self.facts.get("environment"))

    @property
    def build_arguments(self) -> dict[str, str]:
        """What its build is told."""
        build = self.facts.get("build")
        return read_pairs(build.get("args")) if isinstance(build, dict) else {}

    @property
    def waits(self) -> dict[str, str]:
        """The services that it waits for, with the condition of each."""
        wanted = self.facts.get("depends_on") or {}
        if isinstance(wanted, list):
            return dict.fromkeys(map(str, wanted), "service_started")
        return {
            str(name): str((how or {}).get("condition", "service_started"))
            for name, how in wanted.items()
        }

    @property
    def volumes(self) -> list[tuple[str, str]]:
        """What it mounts: source, empty for an unnamed volume, and target."""
        return [read_volume(one) for one in self.facts.get("volumes") or []]

    @property
    def ports(self) -> list[Any]:
        """What it publishes."""
        return list(self.facts.get("ports") or [])


@dataclass(frozen=True)
class Compose:
    """A whole file.

    Attributes:
        services: By name.
        volumes: The names of the volumes that it declares.
    """

    services: dict[str, Service] = field(default_factory=dict)
    volumes: tuple[str, ...] = ()

    @property
    def started(self) -> list[Service]:
        """The services that `docker compose up` starts."""
        return [one for one in self.services.values() if not one.is_tool]

    def find_database(self) -> Service | None:
        """Return the service that runs PostgreSQL."""
        return next((one for one in self.started if "postgres" in one.image), None)

    def find_built(self, folder: str) -> list[Service]:
        """Return the services that are built from a folder such as `backend`."""
        return [one for one in self.started if folder in read_context(one.facts.get("build"))]


def find_compose_file(app: Path) -> Path | None:
    """Return the file that compose would take, None when there is none."""
    return next((app / name for name in NAMES if (app / name).is_file()), None)


def parse_compose(text: str) -> Compose:
    """Read a file.

    Raises:
        ComposeError: it is no YAML, or has no services.
    """
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ComposeError(
            f"the compose file cannot be read: {' '.join(str(error).split())}",
            "Mend the line that is named: YAML goes by indentation, and knows no tabs.",
        ) from error
    services = found.get("services") if isinstance(found, dict) else None
    if not isinstance(services, dict):
        raise ComposeError(
            "the compose file has no services", "Write `services:`, and each service below it."
        )
    made = {str(n): dict(one) if isinstance(one, dict) else {} for n, one in services.items()}
    share_builds(made)
    read = {name: Service(name, facts) for name, facts in made.items()}
    return Compose(read, tuple(map(str, found.get("volumes") or {})))


def share_builds(services: Mapping[str, dict[str, Any]]) -> None:
    """Let a service that runs an image which another one builds be built as that one is."""
    builds = {
        name_image(facts["image"]): facts["build"]
        for facts in services.values()
        if facts.get("build") and facts.get("image")
    }
    for facts in services.values():
        if (image := name_image(facts.get("image"))) in builds:
            facts.setdefault("build", builds[image])


def name_image(image: object) -> str:
    """Return an image's whole name: without a tag and a digest, it is the latest."""
    name = str(image)
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def read_pairs(value: object) -> dict[str, str]:
    """Read variables, whichever way they are written."""
    if isinstance(value, dict):
        return {str(name): "" if one is None else str(one) for name, one in value.items()}
    if isinstance(value, list):
        split = (str(one).partition("=") for one in value)
        return {name: text for name, _, text in split}
    return {}


def read_volume(value: object) -> tuple[str, str]:
    """Read one mount, whichever way it is written."""
    if isinstance(value, dict):
        return str(value.get("source") or ""), str(value.get("target") or "")
    source, _, rest = str(value).partition(":")
    return (source, rest.partition(":")[0]) if rest else ("", source)


def read_context(build: object) -> tuple[str, ...]:
    """Return the parts of the path that a build takes its files from."""
    context = build.get("context", ".") if isinstance(build, dict) else build
    return Path(str(context or "")).parts
