"""Keep the images that were built, so that the next run finds their layers, and not too many."""

import contextlib

from checker.containers.engine import Engine
from checker.doctor.containers import KEPT_LABEL, KEPT_REPOSITORY
from checker.errors import CourseError

MOST_KEPT = 12


def keep_image(engine: Engine, image: str, name: str) -> None:
    """Give an image a name that stays; the same image gets the same name."""
    digest = image.rpartition(":")[2][:12]
    engine.run("tag", image, f"{KEPT_REPOSITORY}:{name}-{digest}")


def clear_kept(engine: Engine) -> str:
    """Remove all images that checks have built, and return what the engine says."""
    label = f"label={KEPT_LABEL}"
    return engine.ask("image", "prune", "--all", "--force", "--filter", label, longest=300)


def remove_oldest(engine: Engine) -> None:
    """Forget all but the images that were made last; they are listed newest first."""
    with contextlib.suppress(CourseError):
        listed = engine.ask("images", "--format", "{{.Repository}}:{{.Tag}}", KEPT_REPOSITORY)
        for tag in listed.split()[MOST_KEPT:]:
            engine.run("rmi", tag)
