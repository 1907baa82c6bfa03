"""L1.5: the app starts and stops in an orderly way."""

from dataclasses import dataclass

from checker.checks.declare import check, in_background
from checker.checks.expect import expect, shorten
from checker.checks.fixtures import Changes, Observations, Variants

UP, DOWN = "Taskboard is up", "Taskboard is down"
LONGEST_LINE = 3.0  # seconds until a line that was written has been read: waited for in vain only
LONGEST_END = 5  # seconds from SIGTERM to the end of the process
STUCK = f"no such line: {LONGEST_END} s after SIGTERM the app still runs"
STOP_STEP = "Do not catch SIGTERM, and wait for nothing after the yield of lifespan."
LOG_STEP = (
    "Log both lines in lifespan; FastAPI(lifespan=lifespan) runs it. Log at a level that is shown: "
    "logging.basicConfig(level=logging.INFO)."
)


def list_variants() -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "to_stop": {},
    }


@dataclass(frozen=True)
class Life:
    """An app that was started and then asked to end.

    Attributes:
        start_log: What it wrote until its first answer.
        log: What it wrote in all.
        has_ended: Whether it was gone in time.
    """

    start_log: str
    log: str
    has_ended: bool


@in_background()
def watch_life(variants: Variants) -> Life:
    """Start an app, ask it to end, and keep what it wrote."""
    process = variants.open("to_stop").process
    start_log = process.output.wait_for(UP, timeout=LONGEST_LINE)
    process.terminate()
    has_ended = process.wait(LONGEST_END) is not None
    return Life(start_log, process.output.wait_for(DOWN, timeout=LONGEST_LINE), has_ended)


@check("L1.5", points=2, needs=("health_answers_ok",))
def test_lifespan_runs(observations: Observations) -> None:
    """The app logs "Taskboard is up" when it starts and "Taskboard is down" when it stops."""
    seen = observations.wait_for(watch_life)
    for line, log in ((UP, seen.start_log), (DOWN, seen.log)):
        is_stuck = line == DOWN and not seen.has_ended
        expect(
            line in log,
            expected=f'a line with "{line}" in the output of the app',
            got=STUCK if is_stuck else shorten(log.strip().rpartition("\n")[2]) or "no output",
            next_step=STOP_STEP if is_stuck else LOG_STEP,
        )
    expect(
        DOWN not in seen.start_log,
        expected=f'"{DOWN}" only when the app stops',
        got="that line while the app was starting",
        next_step="Log it after the yield in lifespan: what stands before runs at the start.",
    )


@check("L1.5", points=1, needs=("lifespan_runs",))
def test_sigterm_ends_app(observations: Observations) -> None:
    """The app ends within 5 seconds of being asked to (SIGTERM)."""
    expect(
        observations.wait_for(watch_life).has_ended,
        expected=f"the app to end within {LONGEST_END} s of SIGTERM",
        got="it still runs",
        next_step=STOP_STEP,
    )
