"""L7.5: the script tries what it has deployed."""

from checker.checks.declare import check
from checker.checks.deployment_views import watch_deployments, watch_sickness
from checker.checks.deployments import expect_script, expect_success, expect_told
from checker.checks.fixtures import Observations
from checker.probes.hub.rehearsal import PARTS


@check("L7.5", points=2, needs=("files_are_uploaded", "deployment_waits"))
def test_deployment_ends_well(observations: Observations) -> None:
    """When all is well the script ends with 0, both Spaces run, and it tells their addresses."""
    seen = observations.wait_for(watch_deployments).first
    expect_success(seen.run, "Look at the lines below: what does it wait for, what does it miss?")
    for part in PARTS:
        space = seen.find(part)
        expect_script(
            space.stage == "RUNNING" and space.address in seen.run.output,
            seen.run,
            expected=f"{space.id} to be RUNNING, and {space.address} on the screen",
            next_step="Wait for both Spaces, and print where they are.",
        )


@check("L7.5", points=2, needs=("deployment_ends_well",))
def test_sick_backend_is_noticed(observations: Observations) -> None:
    """When GET /health of a RUNNING backend answers 500, the script does not end with 0."""
    run = observations.wait_for(watch_sickness).backend
    step = "Ask for /health after RUNNING, and raise DeployError unless it is well."
    expect_told(run, "when the backend answers 500", ("health", "500", "backend"), step)


@check("L7.5", points=2, needs=("deployment_ends_well",))
def test_sick_pages_are_noticed(observations: Observations) -> None:
    """When the pages answer 500, the script does not end with 0."""
    run = observations.wait_for(watch_sickness).frontend
    step = "Ask for a page of the frontend too."
    expect_told(run, "when the pages answer 500", ("page", "500", "frontend"), step)


@check("L7.5", points=1, needs=("deployment_ends_well",))
def test_missing_database_is_noticed(observations: Observations) -> None:
    """When GET /ready answers 503, the script says that the database is out of reach."""
    run = observations.wait_for(watch_sickness).database
    step = "Ask for /ready too: Spaces let out three ports only, and the database's may be another."
    expect_told(run, "when the backend has no database", ("database", "ready", "503"), step)
