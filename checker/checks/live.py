"""What is looked at in an app that has been deployed for real: nothing is written to it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from checker.checks.expect import expect, name_status, shorten
from checker.probes.hub.remote import RemoteHub, RemoteSpace, Reply, visit

UP = {"RUNNING", "SLEEPING"}  # the first visitor wakes it
STRANGER = "https://somebody-else.example"
ALLOWED = "access-control-allow-origin"


@dataclass(frozen=True)
class Deployed:
    """The two Spaces of an app."""

    backend: RemoteSpace
    frontend: RemoteSpace


@dataclass(frozen=True)
class LiveCheck:
    """A look at a deployed app.

    Attributes:
        id: Permanent, as those of the other checks are.
        title: What a learner reads.
        look: Raises CheckFailed when it is not so.
    """

    id: str
    title: str
    look: Callable[[Deployed], None]


def find_deployed(hub: RemoteHub, owner: str, name: str) -> Deployed:
    """Find the Spaces of an app.

    Args:
        hub: Where they are.
        owner: Of the Spaces; empty for the account of the token.
        name: What both are called after, the SPACE_NAME of the deployment.

    Raises:
        ProbeError: the Hub cannot be asked.
    """
    owner = owner or hub.find_owner()
    backend, frontend = (hub.find_space(f"{owner}/{name}-{p}") for p in ("backend", "frontend"))
    return Deployed(backend, frontend)


def look_at_stages(deployed: Deployed) -> None:
    """Expect both Spaces to be there and to run."""
    for space in (deployed.backend, deployed.frontend):
        expect(
            space.stage in UP and bool(space.address),
            expected=f"the Space {space.id} to be RUNNING",
            got=f"its stage is {space.stage}" if space.stage else "the Hub knows no such Space",
            next_step="Run deploy.py, and read what it says. SPACE_NAME is what both are named by.",
        )


def look_at_health(deployed: Deployed) -> None:
    """Expect the backend to be up."""
    reply = visit(f"{deployed.backend.address}/health")
    expect_reply(reply, "GET /health", "Look at the log of the backend's Space.")
    try:
        body = json.loads(reply.text)
    except ValueError:
        body = None
    expect(
        isinstance(body, dict) and body.get("status") == "ok",
        expected='GET /health to answer with "status": "ok"',
        got=shorten(reply.text),
        next_step="Does something else answer at that address? Deploy again.",
    )


def look_at_database(deployed: Deployed) -> None:
    """Expect the backend to reach its database."""
    reply = visit(f"{deployed.backend.address}/ready")
    step = "Spaces let out the ports 80, 443 and 8080 only: is the database at another one?"
    expect_reply(reply, "GET /ready", step)


def look_at_origins(deployed: Deployed) -> None:
    """Expect the backend to let in its own pages, and no others."""
    own = deployed.frontend.address
    for origin, wanted in ((own, own), (STRANGER, None)):
        reply = visit(f"{deployed.backend.address}/health", {"Origin": origin})
        expect(
            reply.headers.get(ALLOWED) == wanted,
            expected=f"Access-Control-Allow-Origin: {wanted or 'not there'} for {origin}",
            got=f"{reply.headers.get(ALLOWED)}",
            next_step="CORS_ORIGINS of the Space must be the frontend's address, and that alone.",
        )


def look_at_pages(deployed: Deployed) -> None:
    """Expect the page for signing in."""
    reply = visit(f"{deployed.frontend.address}/login")
    expect_reply(reply, "GET /login of the frontend", "Look at the log of the frontend's Space.")
    expect(
        "<html" in reply.text,
        expected="GET /login of the frontend to answer with a page",
        got=shorten(reply.text),
        next_step="Does something else answer at that address? Deploy again.",
    )


def expect_reply(reply: Reply, request: str, next_step: str) -> None:
    """Expect 200."""
    expect(
        reply.status == 200,
        expected=f"{request} to answer 200 OK",
        got=f"{name_status(reply.status)}: {shorten(reply.text)}" if reply.status else reply.text,
        next_step=next_step,
    )


LIVE = (
    LiveCheck("live_spaces_run", "Both Spaces are on the Hub, and run", look_at_stages),
    LiveCheck("live_backend_answers", "GET /health of the backend answers", look_at_health),
    LiveCheck(
        "live_database_is_reached", "GET /ready says that it has its database", look_at_database
    ),
    LiveCheck(
        "live_own_pages_are_let_in", "It lets in its own pages, and no others", look_at_origins
    ),
    LiveCheck("live_pages_answer", "The page for signing in comes", look_at_pages),
)
