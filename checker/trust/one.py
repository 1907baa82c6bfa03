"""Judge one app and write the verdict: `python -m checker.trust.one LESSON APP FILE [OPTION…]`.

A process of its own for each app, as for a learner. `--stop` ends the run at the first failure;
`--only ID` leaves one check, and may be repeated.
"""

import argparse
import secrets
import time
from pathlib import Path

import msgspec

from checker.errors import ExitCode
from checker.judge.results import CheckResult, Outcome
from checker.judge.run import RunRequest, run_checks
from checker.paths import CoursePaths
from checker.trust.kept import Verdict
from checker.trust.scope import hash_judge

GRAVE = {Outcome.FAILED, Outcome.ERROR}


def judge(lesson: int, app: Path, only: tuple[str, ...], *, stops: bool) -> Verdict:
    """Run the checks over one app.

    Args:
        lesson: The checks of lessons 1 to this one are run.
        app: The app's folder.
        only: Ids of checks; none for all.
        stops: Whether the first failure is enough.
    """
    paths = CoursePaths.find()
    seed = secrets.randbelow(2**32)
    results: dict[str, CheckResult] = {}

    def note(result: CheckResult) -> None:
        results[result.id] = result
        if stops and result.outcome is Outcome.FAILED:
            raise KeyboardInterrupt

    request = RunRequest(paths=paths, app=app, lesson=lesson, seed=seed, only=only, listener=note)
    started = time.perf_counter()
    try:
        report = run_checks(request)
        found = report.results
    except KeyboardInterrupt:
        found = tuple(results.values())
        if not stops or not any(result.outcome is Outcome.FAILED for result in found):
            raise
    first = next((result for result in found if result.outcome in GRAVE), None)
    outcomes = {result.outcome for result in found}
    return Verdict(
        judge=hash_judge(paths, lesson),
        code=1 if Outcome.FAILED in outcomes else 2 * (Outcome.ERROR in outcomes),
        seconds=round(time.perf_counter() - started, 2),
        seed=seed,
        outcomes={result.id: str(result.outcome) for result in found},
        first=first.id if first else "",
        shown=describe(first) if first else "",
    )


def describe(result: CheckResult) -> str:
    """Return what a finding says, one part a line."""
    finding = result.finding
    parts = (finding.expected, finding.got, finding.next_step, finding.log) if finding else ()
    return "\n".join(parts)


def main() -> None:
    """Judge what the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("lesson", type=int)
    parser.add_argument("app", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--stop", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    given = parser.parse_args()
    try:
        verdict = judge(given.lesson, given.app, tuple(given.only), stops=given.stop)
    except KeyboardInterrupt:
        raise SystemExit(ExitCode.INTERRUPTED) from None  # whoever started it says so
    given.file.write_bytes(msgspec.json.encode(verdict))


if __name__ == "__main__":
    main()
