"""Which function answers which request."""

import re
from collections.abc import Callable
from typing import NamedTuple

from checker.probes.hub import account, commits, pushes, spaces
from checker.probes.hub.faults import RefusalError
from checker.probes.hub.hub import Call, Hub
from checker.probes.hub.page import answer_page
from checker.probes.hub.request import Answer, Asked, answer_refusal

Handler = Callable[..., Answer]
SPACE = r"/api/spaces/([^/]+/[^/]+)"
GIT = r"/spaces/([^/]+/[^/]+?)(?:\.git)?"


class Route(NamedTuple):
    """One kind of request.

    Attributes:
        step: What faults call it.
        changes: Whether a token that may only read is refused.
    """

    step: str
    method: str
    path: re.Pattern[str]
    handler: Handler
    changes: bool = False


def make(step: str, method: str, path: str, handler: Handler, *, changes: bool = False) -> Route:
    """Make a route."""
    return Route(step, method, re.compile(path), handler, changes)


ROUTES = (
    make("whoami", "GET", r"/api/whoami-v2", account.tell_who),
    make("create", "POST", r"/api/repos/create", account.create, changes=True),
    make("validate", "POST", r"/api/validate-yaml", account.validate),
    make("info", "GET", SPACE + r"(?:/revision/([^/]+))?", spaces.tell_space),
    make("runtime", "GET", SPACE + "/runtime", spaces.tell_runtime),
    make("restart", "POST", SPACE + "/restart", spaces.restart, changes=True),
    make("secrets", "GET", SPACE + "/secrets", spaces.list_secrets),
    make("secrets", "POST", SPACE + "/secrets", spaces.set_secret, changes=True),
    make("variables", "GET", SPACE + "/variables", spaces.list_variables),
    make("variables", "POST", SPACE + "/variables", spaces.set_variable, changes=True),
    make("secrets", "DELETE", SPACE + "/(secrets|variables)", spaces.remove_setting, changes=True),
    make("preupload", "POST", SPACE + "/preupload/main", commits.prepare_upload, changes=True),
    make("commit", "POST", SPACE + "/commit/main", commits.commit, changes=True),
    make("tree", "GET", SPACE + "/tree/main", commits.list_tree),
    make("tree", "GET", SPACE + "/commits/main", commits.list_commits),
    make("tree", "GET", GIT + "/info/refs", pushes.advertise),
    make("tree", "POST", GIT + "/git-upload-pack", pushes.fetch),
    make("commit", "POST", GIT + "/git-receive-pack", pushes.push, changes=True),
    make("logs", "GET", SPACE + "/logs/(build|run)", spaces.follow_log),
)


def answer(hub: Hub, asked: Asked) -> Answer:
    """Answer a request, or refuse it.

    Raises:
        ConnectionCutError: its connection is to be cut.
    """
    if page := answer_page(hub, asked):
        return page
    hub.calls.append(Call(asked.method, asked.path))
    try:
        route, parts = choose(asked)
        hub.faults.strike(route.step)
        admit(hub, asked, route)
        return route.handler(hub, asked, *parts)
    except RefusalError as refusal:
        return answer_refusal(refusal)


def choose(asked: Asked) -> tuple[Route, tuple[str, ...]]:
    """Return the route of a request, and the parts of its path."""
    for route in ROUTES:
        found = route.path.fullmatch(asked.path)
        if found and route.method == asked.method:
            return route, found.groups()
    raise RefusalError(404, f"This Hub does not know {asked.method} {asked.path}")


def admit(hub: Hub, asked: Asked, route: Route) -> None:
    """Refuse a token that is none, or may not do this."""
    if asked.token != hub.token:
        raise RefusalError(401)
    if route.changes and hub.role != "write":
        raise RefusalError(403, "you must use a token with write permission")
