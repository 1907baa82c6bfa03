"""What is seen of deployments, beside the checks."""

import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from checker.checks.declare import in_background
from checker.checks.deployments import (
    LOGGED,
    Seen,
    choose_told,
    deploying,
    find_space,
    look,
    open_stage,
)
from checker.judge.inputs import Inputs
from checker.judge.variables import MODEL_NAME, SECRET
from checker.probes.backend import ProgramRun
from checker.probes.hub import stage as stages
from checker.probes.hub.played import LINES, WELL, Part, PlayedRunner
from checker.probes.hub.rehearsal import Rehearsal, Stage
from checker.probes.hub.script import Deployment
from checker.probes.postgres.database import open_database
from checker.probes.postgres.stock import DatabaseStock, list_tables
from checker.probes.strain import wait_longer

LONGEST_UPLOAD = 60.0  # seconds until a deployment has got to its build
HELD = 7.0  # seconds that a build is held: more than a script may wait for the end of a log
STUCK_SECONDS = "4"
TRY_SECONDS = "20"  # for what asks a sick app again and again until its time is over
# Sources where every app has some: a list of what may go up names them, and no build minds them.
OLD, OLD_TEXT = "app/course_old.py", "app/course_old.txt"
NEW = {"backend": "app/course_new.py", "frontend": "src/app/course_new.ts"}
SICK = {**WELL, "/health": (500, "Internal Server Error")}
BLANK = dict.fromkeys(WELL, (500, "Internal Server Error"))
NOT_READY = {**WELL, "/ready": (503, '{"detail": "no database"}')}


@dataclass(frozen=True)
class Journey:
    """Three deployments of one app.

    Attributes:
        first: To an empty account.
        second: Of the same files.
        third: With a file more and a file less in backend/, and another secret and model.
        tables: Those of the database after the first.
        deleted: Whether the second deleted a Space.
        dry_calls: Requests of a dry run that could have changed something.
        dry: The dry run, after the third.
    """

    first: Seen
    second: Seen
    third: Seen
    tables: set[str]
    deleted: bool
    dry_calls: tuple[str, ...]
    dry: Deployment


@in_background(takes=12)
def watch_deployments(rehearsal: Rehearsal, databases: DatabaseStock, inputs: Inputs) -> Journey:
    """Deploy three times, to a database that begins empty."""
    with (
        open_database(databases.server) as database,
        open_stage(rehearsal, choose_told(inputs, database.url)) as stage,
    ):
        old = [write_source(stage, "backend", name) for name in (OLD, OLD_TEXT)]
        first = look(stage, stage.deploy())
        tables = list_tables(database)
        before = len(stage.hub.list_changes())
        second = look(stage, stage.deploy())
        deleted = any(c.path == "/api/repos/delete" for c in stage.hub.list_changes()[before:])
        for file in old:
            file.unlink()
        write_source(stage, "backend", NEW["backend"])
        changed = change_told(stage, inputs)
        third = look(changed, changed.deploy())
        before = len(stage.hub.list_changes())
        dry = changed.deploy("--dry-run")
        calls = tuple(f"{c}" for c in stage.hub.list_changes()[before:])
        return Journey(first, second, third, tables, deleted, calls, dry)


def write_source(stage: Stage, part: str, name: str, remark: str = "new") -> Path:
    """Write a source that does nothing, and return it; with another remark it has changed."""
    file = stage.app / part / name
    file.parent.mkdir(parents=True, exist_ok=True)
    sign = "#" if file.suffix == ".py" else "//"
    file.write_text(f"{sign} {remark}\n", encoding="utf-8")
    return file


def change_told(stage: Stage, inputs: Inputs) -> Stage:
    """Return the same stage, whose script is told another secret and another model."""
    changed = {SECRET: inputs.make_secret(), MODEL_NAME: f"test-only-{inputs.make_word()}"}
    return replace(stage, variables={**stage.variables, **changed})


@dataclass(frozen=True)
class Patience:
    """Two deployments whose builds were held for a while.

    Attributes:
        first_waited: Whether the script was still there, without a version before.
        second_waited: The same, while the version before was running.
    """

    first_waited: bool
    second_waited: bool
    first: Deployment
    second: Deployment


@in_background(takes=12)
def watch_waiting(
    rehearsal: Rehearsal, databases: DatabaseStock, migrating: Future[ProgramRun], inputs: Inputs
) -> Patience:
    """Hold the build of the frontend, and see whether the script waits."""
    migrating.result()
    with open_stage(rehearsal, choose_told(inputs, databases.main.url)) as stage:
        first, first_waited = deploy_held(stage)
        for part, name in NEW.items():
            write_source(stage, part, name)
        second, second_waited = deploy_held(stage)
        return Patience(first_waited, second_waited, first, second)


def deploy_held(stage: Stage) -> tuple[Deployment, bool]:
    """Deploy while builds are held; return how it ended, and whether it waited for them."""
    runner = stage.hub.runner
    assert isinstance(runner, PlayedRunner)  # noqa: S101 - opened so
    runner.may_build.clear()
    with deploying(stage) as running:
        deadline = time.monotonic() + LONGEST_UPLOAD
        while not running.done() and not are_building(stage) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(HELD)
        time.sleep(wait_longer(HELD))
        has_waited = not running.done()
        runner.may_build.set()
        return running.result(), has_waited


def are_building(stage: Stage) -> bool:
    """Tell whether both Spaces have something to build."""
    found = [find_space(stage, part) for part in ("backend", "frontend")]
    return all(one and one.stage in {stages.BUILDING, stages.BUILDING_ANEW} for one in found)


@dataclass(frozen=True)
class Misfortune:
    """Deployments of an app whose build or start goes wrong.

    Attributes:
        broken: The build of the backend fails.
        mended: The next one, with a changed file, that can be built.
        ended: The app ends right after its start.
        stuck: The build does not end; DEPLOY_TIMEOUT_SECONDS is short.
    """

    broken: Deployment
    mended: Seen
    ended: Deployment
    stuck: Deployment


@in_background(takes=18)
def watch_misfortune(
    rehearsal: Rehearsal, databases: DatabaseStock, migrating: Future[ProgramRun], inputs: Inputs
) -> Misfortune:
    """Let builds fail, apps end, and a build never come to its end."""
    migrating.result()
    roles = {"backend": Part(lines=(*LINES, LOGGED), builds=False)}
    with open_stage(rehearsal, choose_told(inputs, databases.main.url), roles) as stage:
        runner = stage.hub.runner
        assert isinstance(runner, PlayedRunner)  # noqa: S101 - opened so
        broken = stage.deploy()
        runner.choose = lambda _name: Part()
        write_source(stage, "backend", NEW["backend"], "mended")
        mended = look(stage, stage.deploy())
        runner.choose = lambda _name: Part(lives=False)
        write_source(stage, "backend", NEW["backend"], "ends")
        ended = stage.deploy()
        runner.may_build.clear()
        write_source(stage, "backend", NEW["backend"], "stuck")
        stuck = stage.deploy(DEPLOY_TIMEOUT_SECONDS=STUCK_SECONDS)
        runner.may_build.set()
        return Misfortune(broken, mended, ended, stuck)


@dataclass(frozen=True)
class Sickness:
    """Deployments of an app that runs, and does not work.

    Attributes:
        backend: GET /health answers 500.
        frontend: Its pages answer 500.
        database: GET /ready answers 503.
    """

    backend: Deployment
    frontend: Deployment
    database: Deployment


@in_background(takes=25)
def watch_sickness(
    rehearsal: Rehearsal, databases: DatabaseStock, migrating: Future[ProgramRun], inputs: Inputs
) -> Sickness:
    """Deploy apps that answer wrongly."""
    migrating.result()
    told = choose_told(inputs, databases.main.url)
    seen = []
    for part, replies in (("backend", SICK), ("frontend", BLANK), ("backend", NOT_READY)):
        with open_stage(rehearsal, told, {part: Part(replies=replies)}) as stage:
            seen.append(stage.deploy(DEPLOY_TIMEOUT_SECONDS=TRY_SECONDS))
    return Sickness(*seen)
