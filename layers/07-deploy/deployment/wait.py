"""Wait until a Space runs what was uploaded, and show what its build says meanwhile."""

import threading
import time

import httpx2
from huggingface_hub import HfApi, SpaceRuntime
from huggingface_hub.errors import HfHubHTTPError

from deployment.errors import DeployError
from deployment.spaces import Space

FAILED = {
    "BUILD_ERROR": "its image could not be built. The build log above says why",
    "CONFIG_ERROR": "its README.md has bad front matter, or a variable has the name of a secret",
    "NO_APP_FILE": "it has no Dockerfile",
    "RUNTIME_ERROR": "its app ended, or does not listen on app_port of 0.0.0.0",
    "PAUSED": "it is paused. Restart it on its page",
    "STOPPED": "it was stopped",
}
PAUSE = 1.0  # seconds between two questions
LAST_LINES = 2.0  # seconds for the end of the log


def wait_until_running(api: HfApi, space: Space, commit: str, longest: float) -> None:
    """Wait for the stage RUNNING, with the log on the screen.

    Raises:
        DeployError: another stage was the last one, or none was within `longest` seconds.
    """
    log = threading.Thread(target=show_build_log, args=(api, space), daemon=True)
    log.start()
    try:
        stage = wait_for_stage(api, space, commit, time.monotonic() + longest)
    finally:
        log.join(LAST_LINES)
    if stage != "RUNNING":
        raise DeployError(f"{space.id} is {stage}: {FAILED[stage]}.")
    print(f"{space.id} is RUNNING.")


def wait_for_stage(api: HfApi, space: Space, commit: str, deadline: float) -> str:
    """Return the stage that a Space ends in."""
    # course: task L7.4
    while time.monotonic() < deadline:
        runtime = api.get_space_runtime(space.id)
        if runtime.stage in FAILED:
            return runtime.stage
        if runtime.stage == "RUNNING" and runs(runtime, commit):
            return runtime.stage
        time.sleep(PAUSE)
    raise DeployError(
        f"{space.id} has not come up in time. Look at its page on the Hub, and deploy again: "
        "what is there is used."
    )
    # course: stub
    #|    # TODO L7.4: ask for the runtime until the stage is RUNNING for this commit, or one of FAILED.
    #|    raise NotImplementedError("L7.4")
    # course: end


def runs(runtime: SpaceRuntime, commit: str) -> bool:
    """Tell whether it is this commit that runs: at first the one before still does."""
    return runtime.raw.get("sha") in {None, commit}


def show_build_log(api: HfApi, space: Space) -> None:
    """Print the lines of the build as they come. It is a courtesy: no failure of it is one."""
    # course: task L7.4
    try:
        for line in api.fetch_space_logs(space.id, build=True, follow=True):
            print(f"  {space.id} | {line.rstrip()}", flush=True)
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        print(f"  {space.id} | the build log cannot be shown ({type(error).__name__})")
    # course: stub
    #|    # TODO L7.4: print the lines of api.fetch_space_logs; no error of it may end the deployment.
    # course: end
