"""Find out which images an app's images are built on, and get those that are not here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from checker.containers.dockerfile import parse_dockerfile
from checker.containers.engine import Engine, EngineError
from checker.containers.standin import ORIGIN_LABEL, find_recipe, make_standin
from checker.errors import CourseError, UsageError

LONGEST_PULL = 900.0  # seconds


class Base(NamedTuple):
    """An image that the app's images need.

    Attributes:
        tag: Its full name.
        origin: `missing`, `stand-in`, `trusted` for one that was given this machine's
            authorities, or `engine` for any other that the engine has.
    """

    tag: str
    origin: str


class Labels(msgspec.Struct):
    """The labels of an image, as far as they are looked at."""

    origin: str = msgspec.field(name=ORIGIN_LABEL, default="engine")


def list_tags(app: Path) -> list[str]:
    """Return the images that the Dockerfiles and compose files of an app name, each once."""
    return list(dict.fromkeys([*list_dockerfile_tags(app), *list_compose_tags(app)]))


def list_dockerfile_tags(app: Path) -> Iterator[str]:
    """Yield what the Dockerfiles name."""
    for file in (app / "backend" / "Dockerfile", app / "frontend" / "Dockerfile"):
        if file.is_file():
            yield from parse_dockerfile(file.read_text(encoding="utf-8", errors="replace")).bases


def list_compose_tags(app: Path) -> Iterator[str]:
    """Yield what the services that the compose file starts run, and do not build."""
    from checker.containers.compose import find_compose_file, parse_compose

    file = find_compose_file(app)
    if file is None:
        return
    for service in parse_compose(file.read_text(encoding="utf-8")).started:
        if service.image and not service.is_built:
            yield service.image


def look_at(engine: Engine, tag: str) -> Base:
    """Say whether an image is here, and whether it is one of ours."""
    done = engine.run("image", "inspect", "--format", "{{json .Config.Labels}}", tag)
    if done.returncode != 0:
        return Base(tag, "missing")
    labels = msgspec.json.decode(done.stdout, type=Labels | None)
    return Base(tag, (labels or Labels()).origin)


def prepare(engine: Engine, tag: str, tell: Callable[[str], None]) -> Base:
    """Pull an image that is missing, or make a stand-in where nothing can be pulled.

    Raises:
        CourseError: neither is possible; the message says why.
    """
    base = look_at(engine, tag)
    if base.origin != "missing":
        return base
    tell(f"Pulling {tag} …")
    pulled = engine.run("pull", "--quiet", tag, longest=LONGEST_PULL)
    if pulled.returncode == 0:
        return look_at(engine, tag)
    recipe = find_recipe(tag)
    if recipe is None:
        reason = (pulled.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CourseError(
            f"{tag} cannot be pulled ({reason}), and the course has no stand-in for it",
            "Ask your instructor for a file with it, made by docker save, and run "
            "./course images --from FILE.",
        )
    make_standin(engine, tag, recipe, tell)
    return look_at(engine, tag)


def load(engine: Engine, file: Path) -> str:
    """Take images from a file that `docker save` made, and return what the engine says.

    Raises:
        CourseError: there is no such file, or it holds no images.
    """
    if not file.is_file():
        raise UsageError(f"there is no file {file}", "Name the file that docker save wrote.")
    try:
        return engine.ask("load", "--input", file, longest=LONGEST_PULL)
    except EngineError as error:
        raise CourseError(
            f"{file} cannot be loaded: {error.log.strip()}",
            "Make it anew with docker save IMAGE… -o FILE on a machine that has the images.",
        ) from error
