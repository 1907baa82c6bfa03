"""Steps that many checks take: register a user, sign in."""

from dataclasses import dataclass
from typing import Any

from checker.checks.expect import expect_object, expect_status
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.http import Exchange, Request, make_request


@dataclass(frozen=True)
class User:
    """A user whom a check registered.

    Attributes:
        id: As the app gave it.
        email: As it was sent, in lower case.
    """

    id: str
    email: str
    name: str
    password: str
    token: str


def make_registration(email: str, password: str, name: str = "Ada") -> Request:
    """Build a registration."""
    body = {"email": email, "password": password, "name": name}
    return make_request("POST", "/api/auth/register", json_body=body)


def register(backend: Backend, email: str, password: str, name: str = "Ada") -> Exchange:
    """Send a registration."""
    return backend.send(make_registration(email, password, name))


def sign_in(backend: Backend, email: str, password: str) -> Exchange:
    """Send a sign-in."""
    return backend.post("/api/auth/token", form={"username": email, "password": password})


def register_user(backend: Backend, inputs: Inputs, name: str = "") -> User:
    """Register a new user, of any name unless one is given, and sign in."""
    email, password, name = inputs.make_email(), inputs.make_password(), name or inputs.make_name()
    created = register(backend, email, password, name)
    expect_status(created, 201, "Finish registration first: ./course hint L2.3")
    signed_in = sign_in(backend, email, password)
    expect_status(signed_in, 200, "Finish sign-in first: ./course hint L2.5")
    token = str(expect_object(signed_in).get("access_token"))
    return User(str(expect_object(created).get("id")), email, name, password, token)


def add_task(backend: Backend, user: User, title: str, **fields: object) -> Exchange:
    """Send a new task."""
    return backend.post("/api/tasks", json={"title": title, **fields}, token=user.token)


def add_tasks(backend: Backend, user: User, inputs: Inputs, number: int) -> list[dict[str, Any]]:
    """Add so many tasks one after the other, and return them as the app answered."""
    step = "Finish adding tasks first: ./course hint L3.4"
    added = []
    for _ in range(number):
        answer = add_task(backend, user, inputs.make_title())
        expect_status(answer, 201, step)
        added.append(expect_object(answer))
    return added


def list_tasks(backend: Backend, user: User, query: str = "") -> Exchange:
    """Ask for tasks, with a query such as `?limit=2`."""
    return backend.get(f"/api/tasks{query}", token=user.token)


# An app may show ids in another spelling of UUIDs than the database's.
COUNT_TASKS = (
    "SELECT count(*) FROM task "
    "WHERE replace(lower(user_id::text), '-', '') = replace(lower(%s), '-', '')"
)
TASK_FIELDS = ("id", "user_id", "title", "description", "status", "created_at", "updated_at")


def pick_task(body: object) -> dict[str, Any]:
    """Return the fields of a task that the contract names: an app may add others."""
    return {name: body.get(name) for name in TASK_FIELDS} if isinstance(body, dict) else {}


def change_task(backend: Backend, user: User, task: object, **changes: object) -> Exchange:
    """Send changes of a task."""
    return backend.request("PATCH", f"/api/tasks/{task}", json=changes, token=user.token)
