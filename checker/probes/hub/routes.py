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
FILE = r"/spaces/([^/]+/[^/]+)/(?:resolve|raw)/([^/]+)/(.+)"
# Where no Space is: as the client asks when its kind or its owner was forgotten.
NOWHERE = re.compile(
    r"/(?!api/|spaces/)[^/]+/.+|/api/(?:models|datasets)/.+|/api/spaces/[^/]+(?:/(?:secrets|variables|"
    r"preupload|commit|tree|logs|restart|pause|hardware|sleeptime|paths-info|settings)(?:/.*)?)?"
)
# What the real Hub has by these beginnings is not all played here.
REAL = re.compile(
    r"/(?:api/)?spaces/[^/]+/[^/]+/|/api/(?:repos|collections|discussions|events|jobs|"
    r"organizations|papers|settings|users|webhooks)(?:/|$)"
)
GIT = r"/spaces/([^/]+/[^/]+?)(?:\.git)?"


class Route(NamedTuple):
    """One kind of request.

    Attributes:
        step: What faults call it.
        changes: Whether a token that may only read is refused.
        is_open: Whether no token is asked for.
    """

    step: str
    method: str
    path: re.Pattern[str]
    handler: Handler
    changes: bool = False
    is_open: bool = False


def make(step: str, method: str, path: str, handler: Handler, **options: bool) -> Route:
    """Make a route."""
    return Route(step, method, re.compile(path), handler, **options)


ROUTES = (
    make("whoami", "GET", r"/api/whoami-v2", account.tell_who),
    make("create", "POST", r"/api/repos/create", account.create, changes=True),
    make("validate", "POST", r"/api/validate-yaml", account.validate, is_open=True),
    make("create", "DELETE", r"/api/repos/delete", account.delete, changes=True),
    make("info", "GET", r"/api/spaces", spaces.list_spaces),
    make("info", "GET", SPACE + "/auth-check", spaces.let_pass),
    make("info", "GET", SPACE + "/auth-check/write", spaces.let_pass, changes=True),
    make("info", "PUT", SPACE + "/settings", spaces.let_pass, changes=True),
    make("info", "GET", SPACE + r"(?:/revision/([^/]+))?", spaces.tell_space),
    make("runtime", "GET", SPACE + "/runtime", spaces.tell_runtime),
    make("restart", "POST", SPACE + "/restart", spaces.restart, changes=True),
    make("restart", "POST", SPACE + "/pause", spaces.pause, changes=True),
    make("restart", "POST", SPACE + "/(?:hardware|sleeptime)", spaces.keep_runtime, changes=True),
    make("secrets", "GET", SPACE + "/secrets", spaces.list_secrets),
    make("secrets", "POST", SPACE + "/secrets", spaces.set_secret, changes=True),
    make("variables", "GET", SPACE + "/variables", spaces.list_variables),
    make("variables", "POST", SPACE + "/variables", spaces.set_variable, changes=True),
    make("secrets", "DELETE", SPACE + "/(secrets|variables)", spaces.remove_setting, changes=True),
    make("preupload", "POST", SPACE + "/preupload/main", commits.prepare_upload, changes=True),
    make("commit", "POST", SPACE + "/commit/main", commits.commit, changes=True),
    make("tree", "GET", SPACE + "/tree/([^/]+)", commits.list_tree),
    make("tree", "GET", SPACE + "/commits/main", commits.list_commits),
    make("tree", "GET", SPACE + "/refs", commits.list_refs),
    make("tree", "POST", SPACE + "/paths-info/([^/]+)", commits.find_paths),
    make("tree", "GET", FILE, commits.send_file),
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
    call = Call(asked.method, asked.path)
    hub.calls.append(call)
    try:
        route, parts = choose(hub, call)
        hub.faults.strike(route.step)
        admit(hub, asked, route)
        return route.handler(hub, asked, *parts)
    except RefusalError as refusal:
        return answer_refusal(refusal)


def choose(hub: Hub, call: Call) -> tuple[Route, tuple[str, ...]]:
    """Return the route of a request, and the parts of its path.

    Raises:
        RefusalError: there is no such thing, or the real Hub alone may know it.
    """
    method = "GET" if call.method == "HEAD" else call.method
    for route in ROUTES:
        found = route.path.fullmatch(call.path)
        if found and route.method == method:
            return route, found.groups()
    if NOWHERE.fullmatch(call.path):
        raise RefusalError(404, "Repository not found", "RepoNotFound")
    if REAL.match(call.path):
        hub.unknown.append(call)
    raise RefusalError(404, f"This Hub does not know {call}")


def admit(hub: Hub, asked: Asked, route: Route) -> None:
    """Refuse a token that is none, or may not do this."""
    if asked.token != hub.token and not route.is_open:
        raise RefusalError(401)
    if route.changes and hub.role != "write":
        raise RefusalError(403, "you must use a token with write permission")
