"""Find what every skipped check waits for: the check that has to be mended first."""

from dataclasses import dataclass

from checker.judge.results import CheckResult, Outcome, Report

LED_TO_SKIPS = {Outcome.FAILED, Outcome.ERROR}


@dataclass(frozen=True)
class Waiting:
    """The skipped checks of a report.

    Attributes:
        for_check: Those that wait for a check, by its id, directly or not.
        otherwise: Those that were skipped for another reason, by the reason.
    """

    for_check: dict[str, list[CheckResult]]
    otherwise: dict[str, list[CheckResult]]


def group_waiting(report: Report) -> Waiting:
    """Sort the skipped checks by what has to be mended before they can run."""
    results = {result.id: result for result in report.results}
    waiting = Waiting({}, {})
    for result in report.select(Outcome.SKIPPED):
        reason = result.finding.got if result.finding else "it was not run"
        # A run that was refused as a whole names a check that the others need not.
        root = find_root(result, results) or reason.removeprefix("waits for ")
        if root in results:
            waiting.for_check.setdefault(root, []).append(result)
        else:
            waiting.otherwise.setdefault(reason, []).append(result)
    return waiting


def find_root(result: CheckResult, results: dict[str, CheckResult]) -> str:
    """Return the id of the check at the end of the chain, empty when nothing is waited for."""
    for name in result.needs:
        need = results.get(name)
        if need is None or need.outcome is Outcome.PASSED:
            continue
        return need.id if need.outcome in LED_TO_SKIPS else find_root(need, results)
    return ""
