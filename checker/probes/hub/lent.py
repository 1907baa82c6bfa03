"""Lend a learner a Hub, with a database and a model that their Spaces reach."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from checker.errors import LackingError
from checker.paths import CoursePaths
from checker.probes.containers.lab import Lab
from checker.probes.hub.engine import EngineRunner
from checker.probes.hub.hub import Hub
from checker.probes.hub.runner import NoRunner, Runner
from checker.probes.hub.server import open_hub
from checker.probes.hub.shared import move, share
from checker.probes.model.friendly import NAME, FriendlyModel
from checker.probes.model.server import PREFIX
from checker.probes.postgres.database import open_database
from checker.probes.postgres.server import open_server


@dataclass(frozen=True)
class LentHub:
    """What is lent.

    Attributes:
        variables: What belongs into deployment/.env.
        reason: Why nothing is built, empty when an engine builds.
    """

    hub: Hub
    variables: dict[str, str]
    reason: str


@contextmanager
def lend_hub(paths: CoursePaths, port: int, *, is_paid: bool) -> Iterator[LentHub]:
    """Run a Hub and all that goes with it; everything is gone at the end.

    Raises:
        ProbeError: there is no database to be had.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="course-hub-")))
        lab = Lab(folder, folder / "lab")
        stack.callback(lab.close)
        runner, reason = choose_runner(lab)
        database = stack.enter_context(open_database(stack.enter_context(open_server(paths))))
        model = stack.enter_context(FriendlyModel())
        hub = stack.enter_context(open_hub(folder / "hub", runner, port, is_paid=is_paid))
        asked = model.port, urlsplit(database.url).port or 5432
        (host, model_port), there = (find_way(lab, one, is_shared=not reason) for one in asked)
        variables = {
            "HF_ENDPOINT": hub.url,
            "HF_TOKEN": hub.token,
            "DATABASE_URL": move(database.url, *there),
            "BETTER_AUTH_SECRET": secrets.token_urlsafe(48),
            "OPENAI_API_KEY": model.key,
            "OPENAI_BASE_URL": f"http://{host}:{model_port}{PREFIX}",
            "OPENAI_MODEL": NAME,
        }
        yield LentHub(hub, variables, reason)


def choose_runner(lab: Lab) -> tuple[Runner, str]:
    """Return what builds, and why nothing does where no engine answers."""
    try:
        assert lab.engine  # noqa: S101 - asked for, to see whether there is one
    except LackingError as error:
        return NoRunner(f"{error.problem} {error.next_step}"), error.problem
    return EngineRunner(lab), ""


def find_way(lab: Lab, port: int, *, is_shared: bool) -> tuple[str, int]:
    """Return where a server of this machine is reached, from containers too if there are some."""
    return share(lab, port) if is_shared else ("127.0.0.1", port)
