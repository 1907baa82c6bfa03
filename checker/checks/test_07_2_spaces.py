"""L7.2: the Spaces are created once, and told their settings."""

from collections.abc import Mapping

from checker.checks.declare import check
from checker.checks.deployment_views import watch_deployments
from checker.checks.deployments import NAME, SECRETS, Seen, expect_script
from checker.checks.dockerfiles import find_variable, read_dockerfile
from checker.checks.expect import expect
from checker.checks.fixtures import Observations
from checker.judge.variables import MODEL_KEY, MODEL_NAME, MODEL_URL, SECRET
from checker.probes.hub.card import DEFAULT_PORT, read_card
from checker.probes.hub.rehearsal import PARTS
from checker.probes.project import Project

CORS, ADDRESS = "CORS_ORIGINS", "NEXT_PUBLIC_API_URL"


@check("L7.2", points=2)
def test_spaces_are_created(observations: Observations) -> None:
    """The script creates two Docker Spaces, <SPACE_NAME>-backend and <SPACE_NAME>-frontend."""
    seen = observations.wait_for(watch_deployments).first
    for part in PARTS:
        sdk = seen.find(part).sdk
        expect(
            sdk == "docker",
            expected=f"the Space {seen.told[NAME]}-{part} to be created with the SDK docker",
            got=f"the SDK {sdk}",
            next_step='Give create_repo space_sdk="docker".',
        )


@check("L7.2", points=2, needs=("spaces_are_created",))
def test_secrets_are_set(observations: Observations) -> None:
    """The backend's Space has three secrets; the frontend's has none, and no variable is one."""
    seen = observations.wait_for(watch_deployments).first
    secrets = seen.find("backend").secrets
    wrong = [name for name in SECRETS if secrets.get(name) != seen.told[name]]
    expect(
        not wrong,
        expected=f"the secrets {', '.join(SECRETS)} in the Space of the backend, as they were told",
        got=f"no {', '.join(wrong)}, or another value",
        next_step="Set each with add_space_secret: ./course hint L7.2",
    )
    expect(
        not seen.find("frontend").secrets,
        expected="no secret in the Space of the frontend: its pages are read by everybody",
        got=f"{', '.join(seen.find('frontend').secrets)}",
        next_step="Give the secrets to the backend alone.",
    )
    expect_no_secret_variable(seen)


def expect_no_secret_variable(seen: Seen) -> None:
    """Expect no variable to hold a secret: everybody may read variables."""
    values = {seen.told[name]: name for name in SECRETS}
    for part in PARTS:
        found = {values[v]: k for k, v in seen.find(part).variables.items() if v in values}
        expect(
            not found,
            expected=f"no secret among the variables of the Space of the {part}",
            got=", ".join(f"{name} in the variable {key}" for name, key in found.items()),
            next_step="Variables are public, and told to the build. Use add_space_secret.",
        )


@check("L7.2", points=1, needs=("spaces_are_created",))
def test_names_are_used_once(observations: Observations) -> None:
    """No name is a variable and a secret of one Space: the Hub would not start it."""
    seen = observations.wait_for(watch_deployments).first
    for part in PARTS:
        space = seen.find(part)
        both = sorted(space.variables.keys() & space.secrets.keys())
        expect(
            not both,
            expected=f"each name to be a variable or a secret of {space.id}",
            got=f"both: {', '.join(both)}",
            next_step="Set each once: the Hub answers CONFIG_ERROR to a name that is both.",
        )


@check("L7.2", points=2, needs=("spaces_are_created",))
def test_spaces_know_each_other(observations: Observations) -> None:
    """CORS_ORIGINS is the frontend's own address, NEXT_PUBLIC_API_URL the backend's."""
    seen = observations.wait_for(watch_deployments).first
    backend, frontend = seen.find("backend"), seen.find("frontend")
    for part, name, wanted in (
        (backend, CORS, frontend.address),
        (frontend, ADDRESS, backend.address),
    ):
        got = part.variables.get(name)
        expect(
            (got or "").rstrip("/") == wanted and not (name == CORS and got != wanted),
            expected=f"the variable {name}={wanted} in {part.id}",
            got=f"{name}={got}" if got is not None else "no such variable",
            next_step="space_info(…).host is the address; an origin has no slash at its end.",
        )


@check("L7.2", points=1, needs=("spaces_are_created",))
def test_model_is_told(observations: Observations) -> None:
    """The backend's Space is told which model to ask: OPENAI_BASE_URL and OPENAI_MODEL."""
    seen = observations.wait_for(watch_deployments).first
    backend = seen.find("backend")
    known = {**backend.secrets, **backend.variables}
    wrong = [name for name in (MODEL_URL, MODEL_NAME) if known.get(name) != seen.told[name]]
    expect(
        not wrong,
        expected=f"{MODEL_URL} and {MODEL_NAME} in the Space of the backend, as they were told",
        got=f"no {', '.join(wrong)}, or another value",
        next_step=f"Set them beside {MODEL_KEY}: without them it asks another model.",
    )


@check("L7.2", points=2, needs=("spaces_are_created", "cards_are_valid"))
def test_port_is_the_card_s(observations: Observations, project: Project) -> None:
    """Each app listens on the port that its card calls app_port."""
    seen = observations.wait_for(watch_deployments).first
    for part in PARTS:
        wanted = read_card(project.read(f"{part}/README.md") or "").port
        variables = seen.find(part).variables
        told = variables.get("PORT") or find_own_port(project, part, variables)
        expect(
            told == f"{wanted}",
            expected=f"the app of {part}/ to be told PORT={wanted}, the app_port of its card",
            got=f"PORT={told}",
            next_step="Set the variable PORT in the Space, or write that port into the card.",
        )


def find_own_port(project: Project, part: str, told: Mapping[str, str]) -> str:
    """Return the port that an image listens on when it was built and is told nothing of it."""
    parsed = read_dockerfile(project, part, "L6.3")
    return find_variable(parsed, "PORT", told) or f"{DEFAULT_PORT}"


@check("L7.2", points=2, needs=("spaces_are_created", "deployment_ends_well"))
def test_second_deployment_changes_nothing(observations: Observations) -> None:
    """Deployed again, the same files are no second Space, no new commit and no new build."""
    journey = observations.wait_for(watch_deployments)
    first, second = journey.first, journey.second
    expect(
        second.names == first.names and second.run.code == 0,
        expected="the second deployment to end with 0, and to leave the same two Spaces",
        got=f"{second.run.ending}; Spaces {', '.join(second.names)}",
        next_step="Give create_repo exist_ok=True.",
    )
    for part in PARTS:
        before, after = first.find(part), second.find(part)
        expect(
            (after.sha, after.builds) == (before.sha, before.builds) and not journey.deleted,
            expected=f"no new commit and no new build of {after.id} when nothing has changed",
            got=f"{after.commits - before.commits} more commits and "
            f"{after.builds - before.builds} more builds; the newest commit was {before.sha[:8]}, "
            f"and is {after.sha[:8]}" + ", in a Space made anew" * journey.deleted,
            next_step="Set only variables that differ, and upload no file that changes by itself.",
        )


@check(
    "L7.2",
    points=1,
    needs=("secrets_are_set", "model_is_told", "second_deployment_changes_nothing"),
)
def test_changed_settings_arrive(observations: Observations) -> None:
    """A secret and a model that have changed are in the Space after the next deployment."""
    seen = observations.wait_for(watch_deployments).third
    backend = seen.find("backend")
    known = {**backend.variables, **backend.secrets}
    old = [name for name in (SECRET, MODEL_NAME) if known.get(name) != seen.told[name]]
    expect_script(
        not old,
        seen.run,
        expected=f"the new {' and '.join(old)} in the Space of the backend",
        next_step="Look at the value and not only at the name; set every secret, each time.",
    )


@check("L7.2", points=0)
def test_dry_run_changes_nothing(observations: Observations) -> None:
    """With --dry-run the script changes nothing on the Hub."""
    calls = observations.wait_for(watch_deployments).dry_calls
    expect(
        not calls,
        expected="no request that changes something, with --dry-run",
        got=", ".join(calls[:3]),
        next_step="Look at the option before the first call that changes something.",
    )
