"""L7.4: the script waits for what it has uploaded, shows the build, and knows a bad end."""

from checker.checks.declare import check
from checker.checks.deployment_views import (
    STUCK_SECONDS,
    watch_deployments,
    watch_misfortune,
    watch_waiting,
)
from checker.checks.deployments import LOGGED, expect_script, expect_told
from checker.checks.expect import expect
from checker.checks.fixtures import Observations

# How people say it; all of these stood in scripts that gave up as they should.
GIVEN_UP = (
    *("time", "too long", "still", "not come up", "not up", "gave up", "given up"),
    *(f"{STUCK_SECONDS} s", "seconds"),
)
LONGEST_AFTER = 40.0  # seconds that a deployment may take besides its time-out


@check("L7.4", points=2, needs=("files_are_uploaded", "names_are_used_once"))
def test_deployment_waits(observations: Observations) -> None:
    """The script is there until both Spaces run, however long the build takes."""
    seen = observations.wait_for(watch_waiting)
    expect_script(
        seen.first_waited,
        seen.first,
        expected="the script to wait while the build is not done",
        next_step="Ask for the runtime until the stage is RUNNING: ./course hint L7.4",
    )


@check("L7.4", points=2, needs=("deployment_waits", "deployment_ends_well"))
def test_version_before_is_not_taken_for_the_new_one(observations: Observations) -> None:
    """The second time, the script waits for the new version, though the one before still runs."""
    seen = observations.wait_for(watch_waiting)
    expect_script(
        seen.second_waited,
        seen.second,
        expected="the script to wait for the new build while the version before is running",
        next_step='Compare runtime.raw["sha"] with the commit of the upload, and know the stages '
        "RUNNING_BUILDING and RUNNING_APP_STARTING.",
    )


@check("L7.4", points=2, needs=("files_are_uploaded", "names_are_used_once"))
def test_failed_build_is_told(observations: Observations) -> None:
    """When the build fails, the script says so, shows the log, and does not end with 0."""
    run = observations.wait_for(watch_misfortune).broken
    expect_told(run, "when a build fails", ("build",), "Raise DeployError at BUILD_ERROR.")
    expect_script(
        LOGGED in run.output,
        run,
        expected="the lines of the build log on the screen",
        next_step="Print those of fetch_space_logs(…, build=True, follow=True).",
    )


@check("L7.4", points=1, needs=("failed_build_is_told",))
def test_next_deployment_mends_it(observations: Observations) -> None:
    """After a failed build, the next deployment of mended files ends well."""
    mended = observations.wait_for(watch_misfortune).mended
    expect_script(
        mended.run.code == 0 and mended.find("backend").stage == "RUNNING",
        mended.run,
        expected="a deployment of mended files to end with 0 after one that failed",
        next_step="Do not stop at the stage of before: the upload begins a new build.",
    )


@check("L7.4", points=1, needs=("files_are_uploaded", "names_are_used_once"))
def test_app_that_ends_is_told(observations: Observations) -> None:
    """When the app ends after its start, the script says so and does not end with 0."""
    run = observations.wait_for(watch_misfortune).ended
    words = ("RUNTIME_ERROR", "runtime error", "ended", "crash", "not running", "app_port")
    expect_told(run, "when the app ends", words, "RUNTIME_ERROR is an end, and not a good one.")


@check("L7.4", points=1, needs=("deployment_waits",))
def test_waiting_has_an_end(observations: Observations) -> None:
    """A build that never ends is given up after DEPLOY_TIMEOUT_SECONDS."""
    seen = observations.wait_for(watch_misfortune)
    run = seen.stuck
    # On a busy machine all of a deployment is slow: the one before says how slow.
    expect(
        run.seconds < float(STUCK_SECONDS) + LONGEST_AFTER + 3 * seen.mended.run.seconds,
        expected=f"the script to give up after DEPLOY_TIMEOUT_SECONDS={STUCK_SECONDS}",
        got=f"it took {run.seconds:.0f} s",
        next_step="Compare time.monotonic() with a deadline in the loop.",
    )
    expect_told(run, "when a build does not end", GIVEN_UP, "Raise DeployError after the loop.")


@check("L7.4", points=1, needs=("files_are_uploaded",))
def test_tables_are_brought_up_to_date(observations: Observations) -> None:
    """After the first deployment, the database that was told has the app's tables."""
    journey = observations.wait_for(watch_deployments)
    missing = sorted({"user", "task", "conversation", "message"} - journey.tables)
    expect_script(
        not missing,
        journey.first.run,
        expected="the tables user, task, conversation and message in the deployed database",
        next_step=f"No {', '.join(missing)}. Run alembic upgrade head with that DATABASE_URL.",
    )
