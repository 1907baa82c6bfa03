"""Keep the images that were built, so that the next run finds their layers, and not too many."""

import contextlib

from checker.containers.engine import Engine
from checker.errors import CourseError

REPOSITORY = "course-kept"
LABEL = "course.check"
MOST_KEPT = 12
CLEAR = f"docker image prune --all --force --filter label={LABEL}"


def keep_image(engine: Engine, image: str, name: str) -> None:
    """Give an image a name that stays; the same image gets the same name."""
    digest = image.rpartition(":")[2][:12]
    engine.run("tag", image, f"{REPOSITORY}:{name}-{digest}")


def remove_oldest(engine: Engine) -> None:
    """Forget all but the images that were made last; they are listed newest first."""
    with contextlib.suppress(CourseError):
        listed = engine.ask("images", "--format", "{{.Repository}}:{{.Tag}}", REPOSITORY)
        for tag in listed.split()[MOST_KEPT:]:
            engine.run("rmi", tag)


def measure_kept(engine: Engine) -> tuple[int, str]:
    """Return how many images the course keeps, and how much room images and builds take."""
    listed = engine.ask("images", "--format", "{{.Tag}}", REPOSITORY).split()
    sizes = engine.ask("system", "df", "--format", "{{.Type}} {{.Size}}")
    return len(listed), ", ".join(sizes.splitlines())
