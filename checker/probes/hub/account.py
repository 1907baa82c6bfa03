"""What the client asks about the account, and before there is a Space."""

from checker.probes.hub.card import read_card
from checker.probes.hub.faults import RefusalError
from checker.probes.hub.hub import Hub
from checker.probes.hub.request import Answer, Asked


def tell_who(hub: Hub, _asked: Asked) -> Answer:
    """Say whose token it is: `GET /api/whoami-v2`."""
    access = {"displayName": "test only", "role": hub.role}
    return Answer(
        {
            "type": "user",
            "id": "0",
            "name": hub.user,
            "fullname": hub.user,
            "isPro": hub.is_paid,
            "orgs": [],
            "auth": {"type": "access_token", "accessToken": access},
        }
    )


def create(hub: Hub, asked: Asked) -> Answer:
    """Create a Space: `POST /api/repos/create`."""
    body = asked.read_object()
    if body.get("type") != "space":
        raise RefusalError(400, "This Hub has Spaces only")
    (name,) = asked.read_texts("name")
    owner = body.get("organization") or hub.user
    space = hub.create(f"{owner}", name, f"{body.get('sdk')}")
    for kind, kept in (("secrets", space.secrets), ("variables", space.variables)):
        kept |= {one["key"]: one.get("value") or "" for one in body.get(kind) or []}
    return Answer({"url": hub.make_url(space), "name": space.id, "id": space.id})


def delete(hub: Hub, asked: Asked) -> Answer:
    """Delete a Space: `DELETE /api/repos/delete`."""
    body = asked.read_object()
    if body.get("type") != "space":
        raise RefusalError(404, "Repository not found", "RepoNotFound")
    (name,) = asked.read_texts("name")
    hub.delete(f"{body.get('organization') or hub.user}/{name}")
    return Answer({})


def validate(_hub: Hub, asked: Asked) -> Answer:
    """Look at the front matter of a README.md: `POST /api/validate-yaml`."""
    body = asked.read_object()
    card = read_card(f"{body.get('content', '')}")
    errors = card.errors if body.get("repoType") == "space" else ()
    found = {
        "errors": [{"message": text} for text in errors],
        "warnings": [{"message": text} for text in card.warnings],
    }
    return Answer(found, 400 if errors else 200)
