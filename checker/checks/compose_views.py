"""What is seen of the whole app in containers, beside the checks: two copies, side by side."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.checks.compose_files import list_variables, read_env
from checker.checks.declare import in_background
from checker.checks.dockerfiles import SECRET_NAME
from checker.checks.steps import User, register_user, sign_in
from checker.containers.compose import find_compose_file
from checker.judge.inputs import Inputs
from checker.judge.variables import MODEL_KEY, MODEL_NAME, MODEL_URL, SECRET
from checker.probes.app import wait_until_ready
from checker.probes.backend import Backend, BrokenExchangeError
from checker.probes.containers.lab import Lab
from checker.probes.containers.relay import open_relay
from checker.probes.containers.stack import (
    Place,
    Stack,
    ask_config,
    prepare_stack,
    wait_for,
    write_env,
)
from checker.probes.containers.trouble import ContainerError, cut_log
from checker.probes.model.server import PREFIX, ModelServer

LONGEST_READY = 60.0  # seconds
OF_DATABASE = re.compile(
    r"(?:POSTGRES|PG|DB|DATABASE)_?(?:USER|NAME|DB|DATABASE|PASS|PW)|_KEY$", re.IGNORECASE
)


@dataclass(frozen=True)
class WholeApp:
    """The app, up.

    Attributes:
        backend: Its API, at the published port.
        origin: The address of its pages.
        model_url: What the backend was told of the model.
        states: What the engine knows of each service's container.
    """

    stack: Stack
    backend: Backend
    origin: str
    model_url: str
    states: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class SecondCopy:
    """What became of a user's data in another project of the same file.

    Attributes:
        user: Registered there, and nowhere else.
        after_down: How a sign-in was answered after down and up.
        after_removal: How it was answered after down --volumes and up.
    """

    user: User
    after_down: int
    after_removal: int


@in_background(takes=50)
def bring_up(lab: Lab, inputs: Inputs, model: ModelServer) -> WholeApp:
    """Bring up the whole app, once a run."""
    return lab.once("whole", lambda: bring_up_now(lab, inputs, model))


def bring_up_now(lab: Lab, inputs: Inputs, model: ModelServer) -> WholeApp:
    """Build, start, and wait until backend and pages answer."""
    variables = choose_variables(lab, inputs, model)
    stack = prepare_stack(lab, "a", variables)
    stack.up()
    backend = connect(lab, stack, stack.backend, "backend")
    connect(lab, stack, stack.frontend, "frontend")
    origin = f"http://localhost:{stack.frontend.port}"
    return WholeApp(stack, backend, origin, variables[MODEL_URL], dict(stack.list_states()))


@in_background(takes=45)
def watch_second_copy(lab: Lab, inputs: Inputs, model: ModelServer) -> SecondCopy:
    """Bring up a second copy beside the first, without pages, and see what stays of its data."""
    bring_up(lab, inputs, model)
    stack = prepare_stack(lab, "b", choose_variables(lab, inputs, model), is_whole=False)
    stack.up()
    backend = connect(lab, stack, stack.backend, "backend")
    user = register_user(backend, inputs)
    answers = []
    for is_removed in (False, True):
        stack.down(volumes=is_removed)
        stack.up()
        backend = connect(lab, stack, stack.backend, "backend")
        answers.append(sign_in(backend, user.email, user.password).status)
    return SecondCopy(user, *answers)


@in_background(takes=2)
def leave_out_secret(lab: Lab, inputs: Inputs, model: ModelServer) -> str:
    """Return what compose says when .env has no BETTER_AUTH_SECRET; empty when it says nothing."""
    folder = lab.scratch / "no-secret"
    shutil.copytree(lab.source, folder)
    variables = choose_variables(lab, inputs, model)
    write_env(folder / ".env", {n: value for n, value in variables.items() if n != SECRET})
    try:
        ask_config(lab, f"course{lab.run}c", folder)
    except ContainerError as error:
        return error.log
    return ""


def choose_variables(lab: Lab, inputs: Inputs, model: ModelServer) -> dict[str, str]:
    """Return what .env says: what .env.example says, with secrets, and with a model."""
    return lab.once("variables", lambda: make_variables(lab, inputs, model))


def make_variables(lab: Lab, inputs: Inputs, model: ModelServer) -> dict[str, str]:
    """Fill in .env.example as its reader would: with secrets, and with what compose asks for."""
    file, example = find_compose_file(lab.source), lab.source / ".env.example"
    rules = list_variables(file.read_text(encoding="utf-8")) if file else {}
    given = read_env(example.read_text(encoding="utf-8")) if example.is_file() else {}
    empty = {name: rules.get(name, "") for name, value in given.items() if not value}
    made = {name: inputs.make_word(40) for name, rule in empty.items() if is_needed(name, rule)}
    model_url = open_relay(lab, model.port) + PREFIX
    told = {MODEL_KEY: model.key, MODEL_URL: model_url, MODEL_NAME: model.name}
    return {**given, **made, SECRET: inputs.make_secret(), **told}


def is_needed(name: str, rule: str) -> bool:
    """Tell whether a variable that is empty in .env.example must be filled in.

    What else is empty there may stay so: a limit that has a default in the app, for example.
    """
    kind = rule.lstrip(":")[:1]
    is_named = SECRET_NAME.search(name) or OF_DATABASE.search(name)
    return kind == "?" or bool(is_named and kind != "-")


def connect(lab: Lab, stack: Stack, place: Place, part: str) -> Backend:
    """Wait until a service answers at its published port.

    Raises:
        ContainerError: it is not published, or does not answer.
    """
    if not place.port:
        raise ContainerError(
            f"a service built from {part}/ to be published",
            "no port of it is",
            "Give it ports, such as 127.0.0.1:8000:7860.",
        )
    app = stack.follow(place)
    lab.at_end.callback(app.kill)
    backend = Backend(app, lab.app / "backend", {})
    if wait_until_ready(app) and (part == "frontend" or wait_until_well(backend)):
        return backend
    raise ContainerError(
        f"{place.service} to answer, and to find its database, after docker compose up",
        stack.describe() or "no such answer at its published port",
        "Listen on 0.0.0.0 in the container, and look for the database at its service's name.",
        cut_log(app.output.read_since()),
    )


def wait_until_well(backend: Backend) -> bool:
    """Wait until the backend says that its database answers."""
    return wait_for(LONGEST_READY, lambda: is_well(backend))


def is_well(backend: Backend) -> bool:
    """Tell whether GET /ready answers 200."""
    try:
        return backend.get("/ready").status == 200
    except BrokenExchangeError:
        return False
