"""L6.6: docker compose up ends with a working app, and nothing that happens to it is the end."""

import re
from typing import TYPE_CHECKING

from checker.checks.chats import ask
from checker.checks.compose_files import read_compose
from checker.checks.compose_views import (
    WholeApp,
    bring_up,
    leave_out_secret,
    wait_until_well,
    watch_second_copy,
)
from checker.checks.declare import check
from checker.checks.dockerfiles import find_in_final, read_dockerfile
from checker.checks.expect import expect, expect_status
from checker.checks.fixtures import Observations
from checker.checks.steps import add_task, list_tasks, register_user, sign_in
from checker.checks.test_06_6_compose import COMPLETED, list_waits
from checker.checks.visits import advise, use_pages, visit
from checker.containers.compose import Compose, Service
from checker.errors import ProbeError
from checker.judge.inputs import Inputs
from checker.judge.variables import MODEL_URL, SECRET
from checker.probes.model.script import call, say
from checker.probes.model.server import Stage
from checker.probes.project import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SEVERAL = re.compile(r"&&|;|\|")  # commands one after the other
READ_FILES = (
    *("services_wait_for_each_other", "services_find_each_other", "variables_are_listed"),
    *("containers_keep_to_themselves", "backend_image_builds", "frontend_image_builds"),
)


@check("L6.6", points=2, needs=("variables_are_listed",))
def test_missing_secret_is_refused(observations: Observations) -> None:
    """Without BETTER_AUTH_SECRET in .env, compose refuses and names it."""
    said = observations.wait_for(leave_out_secret)
    expect(
        SECRET in said,
        expected=f"docker compose to refuse, and to name {SECRET}, when .env does not have it",
        got=f"it says: {' '.join(said.split())[-200:]}" if said else "it takes the file",
        next_step=f"Write ${{{SECRET}:?copy .env.example to .env and fill it in}}.",
    )


@check("L6.6", points=3, needs=READ_FILES)
def test_compose_comes_up(observations: Observations) -> None:
    """Docker compose up on an empty machine ends with backend and pages that answer."""
    observations.wait_for(bring_up)


@check("L6.6", points=1, needs=("compose_comes_up", "tables_are_there"))
def test_backend_waits_for_migration(observations: Observations, project: Project) -> None:
    """What runs once to make the tables has ended before the backend starts."""
    whole, compose = observations.wait_for(bring_up), read_compose(project, "L6.6")
    name = whole.stack.backend.service
    backend = compose.services.get(name) or Service(name, {})
    once = list_run_once(whole, compose, backend)
    awaited = [one for one in once if (one.name, COMPLETED) in list_waits(compose, backend)]
    expect(
        not once or bool(awaited) or may_migrate_itself(project, backend),
        expected=f"{backend.name} to start when {once[0].name if once else ''} has ended",
        got="it starts beside it, and finds the tables by luck",
        next_step="Give it depends_on with condition: service_completed_successfully.",
    )


def list_run_once(whole: WholeApp, compose: Compose, backend: Service) -> list[Service]:
    """Return what is built from backend/ and has ended well, but for what waits for the backend."""
    built = [one for one in compose.find_built("backend") if one.name in whole.states]
    ended = [one for one in built if whole.states[one.name].get("Status") == "exited"]
    well = [one for one in ended if whole.states[one.name].get("ExitCode") == 0]
    return [one for one in well if backend.name not in dict(list_waits(compose, one))]


def may_migrate_itself(project: Project, backend: Service) -> bool:
    """Tell whether the backend may start more than a server: a command or script of its own."""
    final = read_dockerfile(project, "backend", "L6.6")
    found = (find_in_final(final, word) for word in ("ENTRYPOINT", "CMD"))
    started = " ".join(word for one in found if one for word in (one.listed or [one.rest]))
    files = {name.rpartition("/")[2] for name in project.texts if name.startswith("backend/")}
    words = [word.rpartition("/")[2] for word in started.split()]
    is_script = any(word in files or project.has(f"backend/{word}") for word in words if word)
    is_told = any(backend.facts.get(word) for word in ("command", "entrypoint"))
    return is_script or is_told or SEVERAL.search(started) is not None


@check("L6.6", points=3, needs=("compose_comes_up", "tables_are_there"))
def test_api_works_in_containers(observations: Observations, inputs: Inputs, model: Stage) -> None:
    """Through the published port: register, sign in, add a task, and let the chatbot add one."""
    whole = observations.wait_for(bring_up)
    user = register_user(whole.backend, inputs)
    title, other, word = inputs.make_title(), inputs.make_title(), inputs.make_word()
    expect_status(add_task(whole.backend, user, title), 201, "Look at docker compose logs.")
    script = model.play(word, (call("create_task", title=other),), say("I have added it."))
    answer = ask(whole.backend, user, f"Please add it {word}")
    if answer.status != 200 and not script.heard:
        blame_model(whole)
    expect_status(answer, 200, "Hand OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL on.")
    listed = list_tasks(whole.backend, user)
    expect(
        title in listed.text and other in listed.text,
        expected="both tasks in the list",
        got=listed.text[:200],
        next_step="Look at docker compose logs backend.",
        answer=listed,
    )


def blame_model(whole: WholeApp) -> None:
    """Say why no question reached the model: the backend was not told of it, or this machine.

    Raises:
        ProbeError: the backend was told, and still cannot reach it.
    """
    told = whole.stack.environment[whole.stack.backend.service].get(MODEL_URL, "")
    expect(
        told == whole.model_url,
        expected=f"{MODEL_URL} of .env to reach the backend's container",
        got=f"{MODEL_URL}={told}" if told else f"a container without {MODEL_URL}",
        next_step=f"Write {MODEL_URL}: ${{{MODEL_URL}:-https://api.openai.com/v1}} there.",
    )
    raise ProbeError(
        "containers cannot reach a server on this machine",
        "Look whether a firewall stands between the engine's network and this machine.",
    )


@check("L6.6", points=3, needs=("api_works_in_containers", "frontend_image_gets_all_files"))
def test_pages_work_in_containers(
    observations: Observations, inputs: Inputs, browser: "Browser"
) -> None:
    """In the browser: sign in on the page, add a task, see it after a reload, without an error."""
    whole = observations.wait_for(bring_up)
    user, mark = register_user(whole.backend, inputs), f"{inputs.make_word()}: "
    with advise("Look at the browser's Console: address, CORS, or files that are missing?"):
        visit(browser, whole.origin, mark, lambda v: use_pages(v, user, inputs))


@check("L6.6", points=2, needs=("api_works_in_containers",))
def test_database_may_restart(observations: Observations, inputs: Inputs) -> None:
    """After docker compose restart of the database, the app works again by itself."""
    whole = observations.wait_for(bring_up)
    user = register_user(whole.backend, inputs)
    whole.stack.restart(whole.stack.database)
    expect(
        wait_until_well(whole.backend),
        expected="GET /ready to answer 200 within a minute of a restart of the database",
        got="no such answer",
        next_step="Let the pool try each connection before it is used: pool_pre_ping.",
    )
    expect_status(add_task(whole.backend, user, inputs.make_title()), 201, "See L3.6.")


@check("L6.6", points=2, needs=("compose_comes_up",))
def test_copies_do_not_meet(observations: Observations) -> None:
    """Two projects of the same compose file run side by side, each with data of its own."""
    whole, second = observations.wait_for(bring_up), observations.wait_for(watch_second_copy)
    answer = sign_in(whole.backend, second.user.email, second.user.password)
    expect_status(answer, 401, "Let the compose file give no fixed names to volumes and networks.")
