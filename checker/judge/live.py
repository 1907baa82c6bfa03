"""Look at an app that has been deployed, and report it as a run of checks."""

import datetime as dt
import os
import time
from dataclasses import dataclass
from pathlib import Path

from checker import __version__
from checker.checks.compose_files import read_env
from checker.checks.declare import CheckInfo
from checker.checks.live import LIVE, Deployed, LiveCheck, find_deployed
from checker.errors import UsageError
from checker.judge.plugin import judge, make_result
from checker.judge.results import CheckResult, Finding, Outcome, Report
from checker.probes.hub.remote import RemoteHub

HUB = "https://huggingface.co"
LESSON, TASK = 7, "L7.5"
SETTINGS = ("HF_TOKEN", "HF_ENDPOINT", "SPACE_OWNER", "SPACE_NAME")


@dataclass(frozen=True)
class Target:
    """What was deployed, and where to.

    Attributes:
        endpoint: The Hub.
        token: It may read the account.
        owner: Of the Spaces; empty for the account of the token.
        name: The SPACE_NAME of the deployment.
    """

    endpoint: str
    token: str
    owner: str
    name: str


def find_target(app: Path) -> Target:
    """Read the settings as deploy.py does: the environment counts more than deployment/.env.

    Raises:
        UsageError: there is no token.
    """
    file = app / "deployment" / ".env"
    told = read_env(file.read_text(encoding="utf-8")) if file.is_file() else {}
    told = {name: os.environ.get(name) or told.get(name, "") for name in SETTINGS}
    if not told["HF_TOKEN"]:
        raise UsageError(
            f"there is no HF_TOKEN, neither in the environment nor in {file}",
            "Write it there, as lesson 7 says; a token that may read is enough.",
        )
    endpoint = (told["HF_ENDPOINT"] or HUB).rstrip("/")
    name = told["SPACE_NAME"] or "taskboard"
    return Target(endpoint, told["HF_TOKEN"], told["SPACE_OWNER"], name)


def check_live(target: Target) -> Report:
    """Look at a deployed app, one look after the other until one fails.

    Raises:
        ProbeError: the Hub cannot be asked.
    """
    started_at, started = dt.datetime.now(dt.UTC), time.perf_counter()
    hub = RemoteHub(target.endpoint, target.token)
    deployed = find_deployed(hub, target.owner, target.name)
    results: list[CheckResult] = []
    for check in LIVE:
        broken = next((one for one in results if one.outcome is not Outcome.PASSED), None)
        results.append(wait(check, broken) if broken else look(check, deployed))
    return Report(
        checker=__version__,
        app=f"{deployed.backend.id} and {deployed.frontend.id} on {target.endpoint}",
        lesson=LESSON,
        seed=0,
        started_at=started_at.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - started, 3),
        results=tuple(results),
    )


def look(check: LiveCheck, deployed: Deployed) -> CheckResult:
    """Take one look."""
    started = time.perf_counter()
    try:
        check.look(deployed)
    except Exception as error:  # noqa: BLE001 - decided by its kind, as those of all checks
        outcome, finding = judge(error)
        return make_result(describe(check), outcome, time.perf_counter() - started, finding)
    return make_result(describe(check), Outcome.PASSED, time.perf_counter() - started, None)


def wait(check: LiveCheck, broken: CheckResult) -> CheckResult:
    """Leave out a look that says nothing after one that failed."""
    finding = Finding(got=f"waits for {broken.id}", next_step="Mend that one first.")
    return make_result(describe(check), Outcome.SKIPPED, 0.0, finding)


def describe(check: LiveCheck) -> CheckInfo:
    """Return the facts of a look; it earns nothing: what is deployed is not what is handed in."""
    return CheckInfo(check.id, check.title, TASK, LESSON, points=0, needs=(), fixtures=())
