"""What the client asks of one Space."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from checker.probes.hub.card import read_card
from checker.probes.hub.hub import Hub
from checker.probes.hub.life import Space
from checker.probes.hub.log import Log
from checker.probes.hub.request import Answer, Asked


def tell_space(hub: Hub, _asked: Asked, name: str, _revision: str | None = None) -> Answer:
    """Say all about a Space: `GET /api/spaces/{id}`."""
    return Answer(describe_space(hub.find(name)))


def list_spaces(hub: Hub, asked: Asked) -> Answer:
    """Say all about the Spaces that are looked for: `GET /api/spaces?author=…&search=…`."""
    author, word = (asked.query.get(name, "").lower() for name in ("author", "search"))
    found = (space for space in hub.spaces.values() if author in {"", space.owner.lower()})
    return Answer([describe_space(space) for space in found if word in space.id.lower()])


def describe_space(space: Space) -> dict[str, Any]:
    """Return what the Hub knows of a Space."""
    card = read_card((space.repository.read("README.md") or b"").decode(errors="replace"))
    return {
        "id": space.id,
        "author": space.owner,
        "sha": space.repository.find_head() or None,
        "sdk": card.facts.get("sdk", space.sdk),
        "private": False,
        "host": space.address.url,
        "subdomain": f"{space.owner}-{space.name}".lower(),
        "cardData": {k: f"{v}" for k, v in card.facts.items()},
        "siblings": [{"rfilename": file.path} for file in space.repository.list_files()],
        "runtime": describe_runtime(space),
    }


def let_pass(hub: Hub, _asked: Asked, name: str) -> Answer:
    """Say that it may be done: `GET …/auth-check`; or done what shows nowhere: `PUT …/settings`."""
    hub.find(name)
    return Answer({})


def describe_runtime(space: Space) -> dict[str, Any]:
    """Return how a Space is, as the Hub says it."""
    found: dict[str, Any] = {
        "stage": space.stage,
        "hardware": {"current": "cpu-basic", "requested": "cpu-basic"},
        "storage": None,
        "gcTimeout": 172800,
        "sha": space.sha or None,
    }
    return found | ({"errorMessage": space.error} if space.error else {})


def tell_runtime(hub: Hub, _asked: Asked, name: str) -> Answer:
    """Say how a Space is: `GET /api/spaces/{id}/runtime`."""
    return Answer(describe_runtime(hub.find(name)))


def keep_runtime(hub: Hub, _asked: Asked, name: str) -> Answer:
    """Take a wish that a rehearsal has no use for: `POST …/hardware`, `POST …/sleeptime`."""
    return Answer(describe_runtime(hub.find(name)))


def pause(hub: Hub, _asked: Asked, name: str) -> Answer:
    """Stop a Space until it is restarted: `POST /api/spaces/{id}/pause`."""
    space = hub.find(name)
    space.pause()
    return Answer(describe_runtime(space))


def restart(hub: Hub, asked: Asked, name: str) -> Answer:
    """Start a Space once more, or build it anew: `POST /api/spaces/{id}/restart`."""
    space = hub.find(name)
    if asked.query.get("factory") == "true":
        space.rebuild()
    else:
        space.restart()
    return Answer(describe_runtime(space))


def list_secrets(hub: Hub, _asked: Asked, name: str) -> Answer:
    """Name the secrets, never their values: `GET /api/spaces/{id}/secrets`."""
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return Answer({k: {"key": k, "updatedAt": now} for k in hub.find(name).secrets})


def list_variables(hub: Hub, _asked: Asked, name: str) -> Answer:
    """Show the variables: `GET /api/spaces/{id}/variables`."""
    found = hub.find(name).variables
    return Answer({key: {"key": key, "value": value} for key, value in found.items()})


def set_secret(hub: Hub, asked: Asked, name: str) -> Answer:
    """Set one; a Space that runs starts again with it: `POST /api/spaces/{id}/secrets`."""
    space = hub.find(name)
    key, value = asked.read_texts("key", "value")
    if space.secrets.get(key) != value:
        space.secrets[key] = value
        space.restart()
    return list_secrets(hub, asked, name)


def set_variable(hub: Hub, asked: Asked, name: str) -> Answer:
    """Set one; it is told to the build, so there is a new one: `POST …/variables`."""
    space = hub.find(name)
    key, value = asked.read_texts("key", "value")
    if space.variables.get(key) != value:
        space.variables[key] = value
        space.rebuild()
    return list_variables(hub, asked, name)


def remove_setting(hub: Hub, asked: Asked, name: str, kind: str) -> Answer:
    """Remove a secret or a variable: `DELETE /api/spaces/{id}/secrets`."""
    space = hub.find(name)
    (key,) = asked.read_texts("key")
    kept = space.secrets if kind == "secrets" else space.variables
    if kept.pop(key, None) is not None:
        space.rebuild()
    return list_secrets(hub, asked, name) if kind == "secrets" else list_variables(hub, asked, name)


def follow_log(hub: Hub, _asked: Asked, name: str, kind: str) -> Answer:
    """Stream what the build or the app says: `GET /api/spaces/{id}/logs/build`, `…/run`."""
    space = hub.find(name)
    log = space.build_log if kind == "build" else space.run_log
    return Answer(kind="text/event-stream", events=write_events(log))


def write_events(log: Log) -> Iterator[bytes]:
    """Yield lines as events; a comment says now and then that there is nothing new."""
    for line in log.follow():
        if line is None:
            yield b": nothing new\n\n"
        else:
            event = {"data": f"{line.text}\n", "timestamp": line.time}
            yield f"data: {json.dumps(event)}\n\n".encode()
