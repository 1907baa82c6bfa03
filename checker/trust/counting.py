"""Count verdicts: from what was judged to the figures of a lesson."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from checker.trust.edits import Mutant
from checker.trust.excuses import Excuse, Why, find_excuse
from checker.trust.figures import Mutants, Repeats, Right, Score, Survivor, Wrong
from checker.trust.hints import Hints
from checker.trust.kept import Verdict
from tests.apps.build_app import WrongApp

PASSED = "passed"
BUILDS = "frontend_builds"  # the check that what is no TypeScript fails, whatever it does


def count_right(verdicts: dict[str, Verdict], known: int) -> Right | None:
    """Count how right apps fared; None when none was judged."""
    if not verdicts:
        return None
    accepted = {name for name, verdict in verdicts.items() if is_accepted(verdict)}
    ends = [end for verdict in verdicts.values() for end in verdict.outcomes.values()]
    return Right(
        known=known,
        judged=len(verdicts),
        accepted=len(accepted),
        checks=len(ends),
        false_failures=sum(end != PASSED for end in ends),
        refused=tuple(sorted(verdicts.keys() - accepted)),
    )


def is_accepted(verdict: Verdict) -> bool:
    """Tell whether every check passed."""
    return set(verdict.outcomes.values()) == {PASSED}


def count_wrong(
    apps: dict[str, WrongApp], verdicts: dict[str, Verdict], hints: Hints
) -> Wrong | None:
    """Count how wrong apps fared; None when none was judged.

    Args:
        apps: All of the lesson, by name.
        verdicts: Those on the judged ones.
        hints: What is known of hints and faults.
    """
    if not verdicts:
        return None
    rejected = {name for name, verdict in verdicts.items() if verdict.code == 1}
    named = {name for name in rejected if names_fault(apps[name], verdicts[name])}
    return Wrong(
        known=len(apps),
        judged=len(verdicts),
        rejected=len(rejected),
        named=len(named),
        offered=sum(hints.is_offered(apps[name]) for name in named),
        hinted=sum(hints.points_at(name, apps[name]) for name in named),
        accepted=tuple(sorted(verdicts.keys() - rejected)),
        astray=tuple(sorted(rejected - named)),
    )


def names_fault(app: WrongApp, verdict: Verdict) -> bool:
    """Tell whether the failure that is shown first is the right one, with the words for it."""
    return verdict.first == app.first and app.shows in verdict.shown


def count_mutants(
    mutants: Sequence[Mutant],
    verdicts: dict[str, Verdict],
    excuses: tuple[Excuse, ...],
    first: Score | None,
    later: dict[str, int],
) -> Mutants | None:
    """Count how mutants fared; None when none was judged.

    Args:
        mutants: All of the lesson.
        verdicts: Those on the judged ones, by the mutant's id.
        excuses: Why some need not be found.
        first: The first score ever; None makes it of these verdicts.
        later: The lessons whose checks refuse a mutant that these let through, by its id.
    """
    if not verdicts:
        return None
    found = [mutant for mutant in mutants if mutant.id in verdicts]
    judged = [mutant for mutant in found if verdicts[mutant.id].first != BUILDS]
    decided = [mutant for mutant in judged if verdicts[mutant.id].code in {0, 1}]
    alive = [mutant for mutant in decided if verdicts[mutant.id].code == 0]
    killed = len(decided) - len(alive)
    return Mutants(
        known=len(mutants),
        judged=len(decided),
        killed=killed,
        undecided=len(judged) - len(decided),
        unbuilt=len(found) - len(judged),
        first=first or Score(killed, len(decided)),
        survivors=tuple(describe(mutant, excuses, later.get(mutant.id, 0)) for mutant in alive),
    )


def describe(mutant: Mutant, excuses: tuple[Excuse, ...], later: int) -> Survivor:
    """Return what is kept of a mutant that nothing found."""
    excuse = find_excuse(mutant, excuses)
    return Survivor(
        id=mutant.id,
        file=mutant.file,
        operator=mutant.operator,
        change=mutant.change,
        excuse=excuse,
        is_excused=excuse > 0 and excuses[excuse - 1].why is not Why.UNSEEN,
        later=later,
    )


def count_repeats(verdicts: Iterable[Verdict]) -> Repeats | None:
    """Count how often a verdict on the same app changed; None when it was not repeated."""
    runs = list(verdicts)
    if len(runs) < 2:  # noqa: PLR2004 - one run cannot differ from itself
        return None
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    for run in runs:
        for name, end in run.outcomes.items():
            ends[name][end] += 1
    odd = {name: count.total() - max(count.values()) for name, count in ends.items()}
    times = sorted(run.seconds for run in runs)
    return Repeats(
        runs=len(runs),
        checks=sum(count.total() for count in ends.values()),
        changed=sum(odd.values()),
        flaky=tuple(sorted(name for name, count in odd.items() if count)),
        p50=find_percentile(times, 50),
        p95=find_percentile(times, 95),
    )


def find_percentile(times: list[float], share: int) -> float:
    """Return the smallest of the sorted times that so many of a hundred do not pass."""
    return times[math.ceil(len(times) * share / 100) - 1]
