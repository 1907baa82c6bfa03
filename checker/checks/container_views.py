"""What is seen of the two images, beside the checks: how they are built, run and ended."""

import contextlib
from dataclasses import dataclass

from checker.checks.declare import in_background
from checker.checks.dockerfiles import SOURCES, installs
from checker.judge.inputs import Inputs
from checker.judge.variables import SECRET
from checker.probes.app import wait_until_ready
from checker.probes.containers.cache import is_installed_again
from checker.probes.containers.images import Image, build_own, look_inside
from checker.probes.containers.lab import Lab
from checker.probes.containers.running import ContainerApp, run_container
from checker.probes.containers.trouble import ContainerError, cut_log
from checker.probes.http import make_request
from checker.probes.http_client import HttpProbe, NoAnswerError

USUAL_PORTS = {"backend": 7860, "frontend": 3000}
CONFINED = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL")


@dataclass(frozen=True)
class Life:
    """A container's life, from its start to its end.

    Attributes:
        user: The number of who runs it.
        health: What the engine says of its health; empty when the image has no check.
        health_log: What the check said.
        has_ended: Whether it ended by itself, in the time that an engine gives it.
        has_answered: Whether a request that was under way got its answer; None when not tried.
    """

    user: str
    health: str
    health_log: str
    has_ended: bool
    has_answered: bool | None
    log: str


@in_background(takes=20)
def build_backend_image(lab: Lab) -> Image:
    """Build the backend's image."""
    return build_own(lab, "backend")


@in_background(takes=60)
def build_frontend_image(lab: Lab) -> Image:
    """Build the frontend's image."""
    return build_own(lab, "frontend")


@in_background(takes=3)
def list_backend_files(lab: Lab) -> tuple[str, ...]:
    """List what is in the backend's image."""
    return look_inside(lab, build_own(lab, "backend"))


@in_background(takes=3)
def list_frontend_files(lab: Lab) -> tuple[str, ...]:
    """List what is in the frontend's image."""
    return look_inside(lab, build_own(lab, "frontend"))


@in_background(takes=2)
def rebuild_backend(lab: Lab) -> bool:
    """Tell whether a change of the backend's sources installs the packages again."""
    return is_installed_again(lab, "backend", installs, SOURCES["backend"])


@in_background(takes=2)
def rebuild_frontend(lab: Lab) -> bool:
    """Tell whether a change of the frontend's sources installs the packages again."""
    return is_installed_again(lab, "frontend", installs, SOURCES["frontend"])


@in_background(takes=7)
def watch_backend(lab: Lab, inputs: Inputs) -> Life:
    """Run the backend's image, confined and on a port of its own choice, and end it."""
    return watch_life(lab, "backend", inputs, request_path="/api/auth/token")


@in_background(takes=6)
def watch_frontend(lab: Lab, inputs: Inputs) -> Life:
    """Run the frontend's image, confined and on a port of its own choice, and end it."""
    return watch_life(lab, "frontend", inputs, request_path="")


@in_background(takes=3)
def try_backend_port(lab: Lab, inputs: Inputs) -> None:
    """Run the backend's image without PORT, and wait for an answer on its usual one."""
    start(lab, "backend", inputs).kill()


@in_background(takes=3)
def try_frontend_port(lab: Lab, inputs: Inputs) -> None:
    """Run the frontend's image without PORT, and wait for an answer on its usual one."""
    start(lab, "frontend", inputs).kill()


def start(
    lab: Lab, folder: str, inputs: Inputs, port: int = 0, options: tuple[str, ...] = ()
) -> ContainerApp:
    """Start a container of an image, and wait for its first answer.

    With port 0 it is not told PORT.

    Raises:
        ContainerError: it ends, or gives no answer.
    """
    variables = {SECRET: inputs.make_secret(), **({"PORT": f"{port}"} if port else {})}
    inner = port or USUAL_PORTS[folder]
    app = run_container(lab, build_own(lab, folder), inner, variables, *options)
    if wait_until_ready(app):
        return app
    code = app.poll()
    silence = f"it gave no answer within {app.limits.start:.0f} s"
    got = silence if code is None else f"it ended with exit code {code}"
    app.kill()
    app.output.join(2)
    told = f"PORT={port}" if port else "PORT left out"
    confined = ", a read-only file system, /tmp apart," if options else ""
    raise ContainerError(
        expected=f"{folder}'s container, with {told}{confined} to answer on port {inner}",
        got=got,
        next_step="Listen on 0.0.0.0, on the port in PORT, and write nowhere but in /tmp.",
        log=cut_log(app.output.read_since()),
    )


def watch_life(lab: Lab, folder: str, inputs: Inputs, request_path: str) -> Life:
    """Run a container from its start to its end, and end it while a request is under way."""
    app = start(lab, folder, inputs, port=8123, options=CONFINED)
    try:
        return follow_life(app, request_path)
    finally:
        app.kill()


def follow_life(app: ContainerApp, request_path: str) -> Life:
    """Look at a container that answers, and see it end."""
    user, health = app.read_user(), app.wait_until_healthy()
    health_log = "" if health == "healthy" else app.read_health_log()
    has_answered = None
    if request_path:
        has_answered = end_during_request(app, request_path)
    else:
        app.ask_to_end()
    has_ended = app.wait_until_ended()
    app.output.join(2 if has_ended else 0)
    log = cut_log(app.output.read_since())
    return Life(user, health, health_log, has_ended, has_answered, log)


def end_during_request(app: ContainerApp, path: str) -> bool:
    """Ask it to end while the last byte of a request is still to come; tell whether it answers."""
    form = {"username": "nobody@example.com", "password": "of no account"}
    probe = HttpProbe(app.port, app.limits)
    with probe.begin(make_request("POST", path, form=form), 1) as pending:
        with contextlib.suppress(NoAnswerError):
            probe.send(make_request("GET", "/health"))  # what came before it has been read by then
        app.ask_to_end()
        try:
            pending.release()
            return pending.finish().status > 0
        except NoAnswerError:
            return False
