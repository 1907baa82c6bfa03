"""L7.6: what the Hub refuses is told in plain words, and no secret is."""

from checker.checks.declare import check
from checker.checks.deployment_views import (
    watch_deployments,
    watch_misfortune,
    watch_sickness,
)
from checker.checks.deployments import SECRETS, expect_told
from checker.checks.expect import expect
from checker.checks.fixtures import Observations
from checker.checks.refusal_views import NOWHERE, watch_refusals
from checker.judge.variables import DATABASE
from checker.probes.hub.hub import TOKEN
from checker.probes.hub.script import Deployment

AGAIN = "second_deployment_changes_nothing"  # these find Spaces that are there
STEP = "Give this status a sentence in errors.py: ./course hint L7.6"


@check("L7.6", points=1, needs=("spaces_are_created",))
def test_unknown_token_is_told(observations: Observations) -> None:
    """A token that the Hub does not know (401), or none at all, is told in a sentence."""
    seen = observations.wait_for(watch_refusals)
    expect_told(seen.token, "when the token is unknown", ("401", "token"), STEP)
    step = "Without a token the client raises LocalTokenNotFoundError, which is no HfHubHTTPError."
    words = ("401", "token", "Hub")  # a script may send what is empty, and get no answer
    expect_told(seen.absence, "when HF_TOKEN is empty", words, step)


@check("L7.6", points=1, needs=("unknown_token_is_told",))
def test_payment_is_told(observations: Observations) -> None:
    """That Docker Spaces cost money (402) is told in a sentence."""
    run = observations.wait_for(watch_refusals).payment
    words = ("402", "paid", "pay", "PRO", "subscription")
    expect_told(run, "when Docker Spaces are not paid for", words, STEP)


@check("L7.6", points=1, needs=("unknown_token_is_told",))
def test_missing_right_is_told(observations: Observations) -> None:
    """A token that may only read (403) is told in a sentence."""
    run = observations.wait_for(watch_refusals).right
    expect_told(run, "when the token may only read", ("403", "write", "permission"), STEP)


@check("L7.6", points=1, needs=("unknown_token_is_told", AGAIN))
def test_bad_card_is_told(observations: Observations) -> None:
    """A colour that the Hub does not know is told with its line, before anything is built."""
    run = observations.wait_for(watch_refusals).card
    step = "A ValueError tells it: show what stands behind “Invalid metadata in README.md”."
    expect_told(run, "when a card names the colour mauve", ("colorFrom",), step)


@check("L7.6", points=1, needs=("unknown_token_is_told", "files_are_uploaded"))
def test_conflict_is_told(observations: Observations) -> None:
    """A commit that comes at the same time as another one (409) is told in a sentence."""
    run = observations.wait_for(watch_refusals).conflict
    words = ("409", "same time", "conflict", "again")
    expect_told(run, "when somebody else commits at the same time", words, STEP)


@check("L7.6", points=1, needs=("unknown_token_is_told",))
def test_broken_hub_is_told(observations: Observations) -> None:
    """A Hub that answers 500, or cuts the connection, is told in a sentence."""
    seen = observations.wait_for(watch_refusals)
    words = ("500", "hub", "later", "again")
    expect_told(seen.fault, "when the Hub answers 500", words, STEP)
    words = ("hub", "connect", "reach", "again")
    expect_told(seen.silence, "when the Hub cuts the connection", words, "Catch httpx2.HTTPError.")


@check("L7.6", points=1, needs=("unknown_token_is_told", "tables_are_brought_up_to_date", AGAIN))
def test_failed_migration_is_told(observations: Observations) -> None:
    """A database that cannot be reached, so that no table can be made, is told in a sentence."""
    run = observations.wait_for(watch_refusals).tables
    words = ("database", "table", "migrat", "alembic", "schema", "connect", "reach")
    step = (
        "Look at the exit code of alembic, keep its traceback to yourself, and say what is wrong."
    )
    expect_told(run, "when nobody listens at DATABASE_URL", words, step)


@check("L7.6", points=2, needs=("deployment_ends_well", "unknown_token_is_told"))
def test_no_secret_is_shown(observations: Observations) -> None:
    """No secret and no token is on the screen, whether the deployment goes well or wrong."""
    journey = observations.wait_for(watch_deployments)
    for told in (journey.first.told, journey.third.told):
        runs = [journey.first.run, journey.second.run, journey.third.run, journey.dry]
        expect_silence(runs, {**told, "HF_TOKEN": TOKEN})
    refusals = observations.wait_for(watch_refusals)
    expect_silence([refusals.tables], {DATABASE: NOWHERE})
    runs = refusals.list_runs()
    runs += list(vars(observations.wait_for(watch_sickness)).values())
    misfortune = observations.wait_for(watch_misfortune)
    runs += [misfortune.broken, misfortune.ended, misfortune.stuck]
    expect_silence(runs, {"HF_TOKEN": TOKEN})


def expect_silence(runs: list[Deployment], told: dict[str, str]) -> None:
    """Expect none of these values on the screen."""
    for run in runs:
        shown = [n for n in (*SECRETS, "HF_TOKEN") if n in told and told[n] in run.output]
        expect(
            not shown,
            expected="no secret in what the script prints",
            got=f"the value of {', '.join(shown)}",
            next_step="Print names, never values: a terminal is recorded, and so is CI.",
        )
