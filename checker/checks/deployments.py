"""What many checks of deployments do: run the script on a Hub that plays, and keep what is seen."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from checker.checks.expect import STUB
from checker.checks.failure import CheckFailed
from checker.judge.inputs import Inputs
from checker.judge.variables import DATABASE, MODEL_KEY, MODEL_NAME, MODEL_URL, SECRET
from checker.probes.hub.life import Space
from checker.probes.hub.played import Part, PlayedRunner
from checker.probes.hub.rehearsal import PARTS, Rehearsal, Stage
from checker.probes.hub.runner import Order
from checker.probes.hub.script import Deployment

NAME = "SPACE_NAME"
LOGGED = "a line of the build log that only this build says"
SECRETS = (DATABASE, SECRET, MODEL_KEY)
SHORTEST_START = 3.0  # seconds; an app that is played answers at once
TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True)
class Snapshot:
    """A Space after a deployment.

    Attributes:
        files: Contents by path.
        order: What was built last; None when nothing was.
    """

    id: str
    sdk: str
    address: str
    stage: str
    sha: str
    builds: int
    commits: int
    secrets: Mapping[str, str]
    variables: Mapping[str, str]
    files: Mapping[str, bytes]
    order: Order | None


@dataclass(frozen=True)
class Seen:
    """A deployment, and what it left.

    Attributes:
        run: How the script ended.
        spaces: `backend` and `frontend`, those that are there.
        names: The ids of all Spaces.
        told: What the script was told.
    """

    run: Deployment
    spaces: Mapping[str, Snapshot]
    names: tuple[str, ...]
    told: Mapping[str, str] = field(default_factory=dict)

    def find(self, part: str) -> Snapshot:
        """Return the Space of `backend` or `frontend`.

        Raises:
            CheckFailed: there is none.
        """
        if part not in self.spaces:
            raise CheckFailed(
                expected=f"a Space {self.told[NAME]}-{part} after the deployment",
                got=f"Spaces {', '.join(self.names) or 'none'}; {self.run.ending}",
                next_step=advise(self.run, "Create it with create_repo: ./course hint L7.2"),
                log=self.run.excerpt,
            )
        return self.spaces[part]


def choose_told(inputs: Inputs, database: str) -> dict[str, str]:
    """Return what a deploy script is told, the Hub apart."""
    word = inputs.make_word()
    return {
        NAME: f"app-{word}",
        DATABASE: database,
        SECRET: inputs.make_secret(),
        MODEL_KEY: f"test-only-key-{word}",
        MODEL_URL: f"https://model.example.com/{word}/v1",
        MODEL_NAME: f"test-only-{word}",
    }


@contextmanager
def open_stage(
    rehearsal: Rehearsal, told: Mapping[str, str], parts: Mapping[str, Part] | None = None
) -> Iterator[Stage]:
    """Run a Hub on which parts are played: `backend` and `frontend`, well unless said otherwise."""
    roles = dict(parts or {})

    def choose(name: str) -> Part:
        return roles.get(name.rpartition("-")[2], Part())

    with rehearsal.open(PlayedRunner(choose), told, longest_start=SHORTEST_START) as stage:
        yield stage


def find_space(stage: Stage, part: str) -> Space | None:
    """Return the Space of `backend` or `frontend`, None when there is none."""
    return stage.hub.spaces.get(f"{stage.hub.user}/{stage.variables[NAME]}-{part}".lower())


def look(stage: Stage, run: Deployment) -> Seen:
    """Keep what a deployment has left."""
    found = {part: space for part in PARTS if (space := find_space(stage, part))}
    spaces = {part: take_snapshot(stage, space) for part, space in found.items()}
    names = tuple(space.id for space in stage.hub.spaces.values())
    return Seen(run, spaces, names, stage.variables)


def take_snapshot(stage: Stage, space: Space) -> Snapshot:
    """Return how a Space is now."""
    repository, runner = space.repository, stage.hub.runner
    orders = runner.orders if isinstance(runner, PlayedRunner) else []
    own = [order for order in orders if order.name == f"{space.owner}-{space.name}".lower()]
    return Snapshot(
        id=space.id,
        sdk=space.sdk,
        address=space.address.url,
        stage=space.stage,
        sha=repository.find_head(),
        builds=space.builds,
        commits=len(repository.list_commits()),
        secrets=dict(space.secrets),
        variables=dict(space.variables),
        files={f.path: repository.read(f.path) or b"" for f in repository.list_files()},
        order=own[-1] if own else None,
    )


@contextmanager
def deploying(stage: Stage) -> Iterator[Future[Deployment]]:
    """Run the script beside the block."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(stage.deploy)


def expect_success(run: Deployment, next_step: str) -> None:
    """Expect a deployment to end with 0."""
    expect_script(
        run.code == 0,
        run,
        expected="the deploy script to end with exit code 0",
        next_step=next_step,
    )


def expect_told(run: Deployment, when: str, words: tuple[str, ...], next_step: str) -> None:
    """Expect a deployment to fail as it should: no 0, no traceback, and one of some words."""
    expect_script(
        run.code not in {0, None} and not run.ended_because,
        run,
        expected=f"the deploy script to end by itself, and not with 0, {when}",
        next_step=next_step,
    )
    expect_script(
        TRACEBACK not in run.output,
        run,
        expected=f"a sentence, and no traceback, {when}",
        next_step=next_step,
    )
    expect_script(
        any(is_said(word, run.output) for word in words),
        run,
        expected=f"a message that names one of: {', '.join(words)}, {when}",
        next_step=next_step,
    )


def is_said(word: str, text: str) -> bool:
    """Tell whether a text has a word; a number must stand alone, since ports are numbers too."""
    return re.search(rf"(?<!\d){re.escape(word)}(?!\d)", text, re.IGNORECASE) is not None


def expect_script(
    holds: bool,  # noqa: FBT001 - read as a sentence, as `expect` is
    run: Deployment,
    *,
    expected: str,
    next_step: str,
) -> None:
    """Raise CheckFailed with the end of what the script said, unless `holds`."""
    if holds:
        return
    step = advise(run, next_step)
    raise CheckFailed(expected=expected, got=run.ending, next_step=step, log=run.excerpt)


def advise(run: Deployment, next_step: str) -> str:
    """Put a stub that still stands there before the advice of the check."""
    found = STUB.search(run.output)
    if found is None:
        return next_step
    task = found["task"]
    return f"The stub of {task} still stands there: write its body. ./course hint {task}"
