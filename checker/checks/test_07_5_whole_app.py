"""L7.5: the deployed app works: its Spaces are built and run as the Hub does it."""

import time
from typing import TYPE_CHECKING

from checker.checks.chats import ask
from checker.checks.declare import check
from checker.checks.deployments import SECRETS, expect_script
from checker.checks.expect import expect, expect_status
from checker.checks.fixtures import Observations
from checker.checks.space_views import Rehearsed, rehearse
from checker.checks.steps import User, add_task, list_tasks, register_user
from checker.checks.visits import advise, use_pages, visit
from checker.judge.inputs import Inputs
from checker.probes.hub.life import Space
from checker.probes.hub.rehearsal import PARTS
from checker.probes.model.script import call, say
from checker.probes.model.server import Stage as ModelStage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONGEST_START = 60.0  # seconds
ALLOWED = "access-control-allow-origin"


@check("L7.5", points=3, needs=("deployment_ends_well", "port_is_the_card_s"))
def test_spaces_run(observations: Observations) -> None:
    """Built from what was uploaded and run as user 1000, both Spaces come up and answer."""
    seen = observations.wait_for(rehearse).seen
    expect_script(
        seen.run.code == 0,
        seen.run,
        expected="both images to be built, to come up as the user 1000, and to answer",
        next_step="Look at the build log below. What runs as 1000 writes to /tmp only.",
    )


@check("L7.5", points=2, needs=("spaces_run",))
def test_api_works_on_space(observations: Observations, inputs: Inputs, model: ModelStage) -> None:
    """At the address of the Space: register, add a task, and let the chatbot add another one."""
    backend = observations.wait_for(rehearse).backend
    user = register_user(backend, inputs)
    title, other, word = inputs.make_title(), inputs.make_title(), inputs.make_word()
    expect_status(add_task(backend, user, title), 201, "Look at the log of the Space.")
    model.play(word, (call("create_task", title=other),), say("I have added it."))
    answer = ask(backend, user, f"Please add it {word}")
    expect_status(answer, 200, "Tell the Space OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL.")
    listed = list_tasks(backend, user)
    expect(
        title in listed.text and other in listed.text,
        expected="both tasks in the list",
        got=listed.text[:200],
        next_step="Look at the log of the Space.",
        answer=listed,
    )


@check("L7.5", points=2, needs=("spaces_run",))
def test_only_own_pages_are_let_in(observations: Observations, inputs: Inputs) -> None:
    """The backend's Space lets in the pages of the frontend's Space, and no others."""
    rehearsed = observations.wait_for(rehearse)
    backend, own, other = rehearsed.backend, rehearsed.origin, inputs.make_origin()
    for origin, wanted in ((own, own), (other, None)):
        answer = backend.get("/health", headers={"Origin": origin})
        expect(
            answer.headers.get(ALLOWED) == wanted,
            expected=f"Access-Control-Allow-Origin: {wanted or 'not there'} for {origin}",
            got=f"{answer.headers.get(ALLOWED)}",
            next_step="CORS_ORIGINS of the Space must be the frontend's address, and that alone.",
            answer=answer,
        )


@check("L7.5", points=2, needs=("spaces_run",))
def test_secrets_are_not_in_images(observations: Observations) -> None:
    """No secret is in an image, in a build log, or in what the apps write."""
    rehearsed = observations.wait_for(rehearse)
    for part in PARTS:
        space = rehearsed.find_space(part)
        lines = [line.text for log in (space.build_log, space.run_log) for line in log.read()]
        places = {"the image": rehearsed.read_image(part), "the logs": "\n".join(lines)}
        for place, text in places.items():
            shown = [name for name in SECRETS if rehearsed.seen.told[name] in text]
            expect(
                not shown,
                expected=f"no secret in {place} of {space.id}",
                got=f"the value of {', '.join(shown)}",
                next_step="Read it from the environment when it runs; log and bake none of it.",
            )


@check("L7.5", points=2, needs=("api_works_on_space",))
def test_data_outlives_space(observations: Observations, inputs: Inputs) -> None:
    """After a restart, and after a sleep from which a visitor wakes it, the tasks are there."""
    rehearsed = observations.wait_for(rehearse)
    user, title = register_user(rehearsed.backend, inputs), inputs.make_title()
    expect_status(add_task(rehearsed.backend, user, title), 201, "Look at the log of the Space.")
    space = rehearsed.find_space("backend")
    for event, act in (("a restart", space.restart), ("a sleep", space.sleep)):
        act()
        expect_listed(rehearsed, user, title, event)


def expect_listed(rehearsed: Rehearsed, user: User, title: str, event: str) -> None:
    """Expect a task to be there after something has happened to the Space."""
    space = rehearsed.find_space("backend")
    wait_until_settled(space)
    listed = list_tasks(rehearsed.backend.with_patience(LONGEST_START), user)
    expect(
        title in listed.text,
        expected=f"the task to be there after {event} of the Space",
        got=listed.text[:200],
        next_step="Keep everything in the database: a Space forgets its files.",
        answer=listed,
    )


def wait_until_settled(space: Space) -> None:
    """Wait while a Space is on its way."""
    deadline = time.monotonic() + LONGEST_START
    while space.stage not in {"RUNNING", "SLEEPING"} and time.monotonic() < deadline:
        time.sleep(0.1)


@check("L7.5", points=3, needs=("spaces_run", "only_own_pages_are_let_in"))
def test_pages_work_on_space(
    observations: Observations, inputs: Inputs, browser: "Browser"
) -> None:
    """In the browser, at the Space's address: sign in, add a task, and see it after a reload."""
    rehearsed = observations.wait_for(rehearse)
    user, mark = register_user(rehearsed.backend, inputs), f"{inputs.make_word()}: "
    with advise("Look at the browser's Console: was NEXT_PUBLIC_API_URL told to the build?"):
        visit(browser, rehearsed.origin, mark, lambda v: use_pages(v, user, inputs))
