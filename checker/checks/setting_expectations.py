"""What is expected of an app that is started with settings that are not safe."""

from checker.checks.expect import expect, shorten
from checker.probes.app import AppProcess, wait_until_ready
from checker.probes.backend import describe_start


def expect_refusal(process: AppProcess, variable: str, situation: str, next_step: str) -> None:
    """Expect a process to end by itself and to name the variable."""
    is_up = wait_until_ready(process)
    expect(
        not is_up and process.poll() not in {None, 0},
        expected=f"the app to refuse to start {situation}",
        got="an app that answers" if is_up else describe_start(process, process.poll()),
        next_step=next_step,
    )
    process.output.join(2)
    log = process.output.read_since()
    expect(
        variable in log.upper(),
        expected=f"a message that names {variable}",
        got=shorten(log.strip().rpartition("\n")[2]) or "no output",
        next_step=f"Print which variable is wrong and why, then end: {variable} must be in it.",
    )
