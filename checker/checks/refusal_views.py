"""What is seen of deployments to a Hub that refuses, beside the checks."""

from concurrent.futures import Future
from dataclasses import dataclass

from checker.checks.declare import in_background
from checker.checks.deployments import choose_told, open_stage
from checker.judge.inputs import Inputs
from checker.probes.backend import ProgramRun
from checker.probes.hub.rehearsal import Rehearsal, Stage
from checker.probes.hub.script import Deployment
from checker.probes.postgres.stock import DatabaseStock

COLOUR = "colorFrom:"
NOWHERE = "postgresql://nobody:test-only-password@127.0.0.1:1/nothing"  # no one listens there


@dataclass(frozen=True)
class Refusals:
    """Deployments to a Hub that refuses.

    Attributes:
        token: The token is unknown.
        absence: There is no token.
        payment: The account may not create Docker Spaces.
        right: The token may only read.
        card: The front matter of frontend/README.md names a colour that there is none of.
        conflict: Somebody else commits at the same time.
        tables: The database cannot be reached.
        fault: The Hub answers 500.
        silence: The Hub cuts the connection.
    """

    token: Deployment
    absence: Deployment
    payment: Deployment
    right: Deployment
    card: Deployment
    conflict: Deployment
    tables: Deployment
    fault: Deployment
    silence: Deployment

    def list_runs(self) -> list[Deployment]:
        """Return all of them."""
        return list(vars(self).values())


@in_background(takes=23)
def watch_refusals(
    rehearsal: Rehearsal, databases: DatabaseStock, migrating: Future[ProgramRun], inputs: Inputs
) -> Refusals:
    """Refuse in every way that is common."""
    migrating.result()
    with open_stage(rehearsal, choose_told(inputs, databases.main.url)) as stage:
        hub = stage.hub
        token = stage.deploy(HF_TOKEN="test-only-token-that-nobody-knows")
        absence = stage.deploy(HF_TOKEN="")
        hub.is_paid = False
        payment = stage.deploy()
        hub.is_paid, hub.role = True, "read"
        right = stage.deploy()
        hub.role = "write"
        hub.faults.refuse("create", 500)
        fault = stage.deploy()
        hub.faults.clear()
        hub.faults.cut("create")
        silence = stage.deploy()
        hub.faults.clear()
        hub.faults.refuse("commit", 409)
        conflict = stage.deploy()
        hub.faults.clear()
        tables = stage.deploy(DATABASE_URL=NOWHERE)
        spoil_card(stage)
        card = stage.deploy()
        return Refusals(token, absence, payment, right, card, conflict, tables, fault, silence)


def spoil_card(stage: Stage) -> None:
    """Name a colour in the front matter of frontend/README.md that the Hub does not have."""
    file = stage.app / "frontend" / "README.md"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = text.splitlines(keepends=True)
    bad = [f"{COLOUR} mauve\n" if x.startswith(COLOUR) else x for x in lines]
    file.write_text("".join(bad), encoding="utf-8")
