"""Watch an app hash passwords: how much work that takes, and what happens meanwhile."""

import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import bcrypt

from checker.checks.declare import in_background
from checker.checks.expect import expect, expect_status
from checker.checks.fixtures import Variants
from checker.checks.steps import register, sign_in
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.timing import (
    HAS_FINE_CLOCK,
    Comparison,
    Cost,
    Overlap,
    PairedCosts,
    Send,
    measure,
    observe_overlap,
)

DEFAULT_ROUNDS = 12
FEW_ROUNDS = 9 if HAS_FINE_CLOCK else DEFAULT_ROUNDS  # enough to be seen in the middle of a hash
CHEAP_ROUNDS = 6
ENOUGH = 0.7  # of bcrypt's work; with one round less it would be 0.5
CLEAR = (0.4, 0.85)  # beyond these, one look is enough
MOST_SAMPLES = 5
MOST_TRIES = 10  # of a question that may come too late on a busy machine
BEGUN = 0.4  # of a hash: what the app does before it hashes is over by then
PAIRS = (1, 6, 20)  # work is the same every time: one pair is enough, unless it leaves a doubt
NOT_COMPARED = Comparison(math.nan, math.nan)


@dataclass(frozen=True)
class Hashing:
    """Registrations with the default rounds.

    Attributes:
        registrations: What each of them took.
        wanted: Seconds of processor time that bcrypt takes here, measured beside each.
    """

    registrations: list[Cost]
    wanted: list[float]

    @property
    def wanted_work(self) -> float:
        """Seconds of processor time that the default rounds take on this machine."""
        return statistics.median(self.wanted)

    @property
    def work(self) -> float:
        """Seconds of processor time that a registration took."""
        return statistics.median(cost.work for cost in self.registrations)


@in_background()
def observe_hashing(variants: Variants, inputs: Inputs) -> Hashing:
    """Register with the default rounds, again while it is not clear how much work that is."""
    backend = variants.open("default_rounds")
    seen = Hashing([], [])
    for _ in range(MOST_SAMPLES):
        send = partial(register, backend, inputs.make_email(), inputs.make_password())
        seen.wanted.append(measure_bcrypt(DEFAULT_ROUNDS))
        seen.registrations.append(measure(backend, send))
        is_refused = seen.registrations[-1].answer.status >= 400
        if is_refused or not CLEAR[0] < seen.work / seen.wanted_work < CLEAR[1]:
            break
    return seen


@dataclass(frozen=True)
class Meanwhile:
    """What a backend with few rounds did, in particular in the middle of a hash.

    Attributes:
        first: A registration by itself.
        wanted: Seconds of processor time that bcrypt takes here with so few rounds.
        registrations: Registrations, each with /health in the middle.
        sign_ins: The same with the right password.
        strangers: A wrong password beside an unknown e-mail address.
    """

    first: Cost
    wanted: float
    registrations: tuple[Overlap, ...] = ()
    sign_ins: tuple[Overlap, ...] = ()
    strangers: Comparison = NOT_COMPARED


@in_background()
def observe_meanwhile(variants: Variants, inputs: Inputs) -> Meanwhile:
    """Register and sign in, ask for /health in the middle of it, and sign in as a stranger."""
    backend = variants.open("few_rounds")
    email, password = inputs.make_email(), inputs.make_password()
    wanted = measure_bcrypt(FEW_ROUNDS)
    seen = Meanwhile(measure(backend, partial(register, backend, email, password)), wanted)
    if seen.first.answer.status >= 300:
        return seen
    others = [(inputs.make_email(), inputs.make_password()) for _ in range(MOST_TRIES)]
    sends = [partial(register, backend, *other) for other in others]
    seen = replace(seen, registrations=observe_until_quick(backend, sends, wanted))
    sends = [partial(sign_in, backend, email, password)] * MOST_TRIES
    seen = replace(seen, sign_ins=observe_until_quick(backend, sends, wanted))
    if seen.sign_ins[-1].slow.answer.status >= 300:
        return seen
    return replace(seen, strangers=compare_strangers(backend, inputs, email))


def observe_until_quick(
    backend: Backend, sends: Sequence[Send], wanted: float
) -> tuple[Overlap, ...]:
    """Ask for /health in the middle of requests until it was answered there, or one refused."""
    seen: list[Overlap] = []
    for send in sends:
        seen.append(observe_overlap(backend, send, wanted * BEGUN))
        if seen[-1].is_quick_first or seen[-1].slow.answer.status >= 300:
            break
    return tuple(seen)


def expect_done(seen: tuple[Overlap, ...]) -> tuple[Overlap, ...]:
    """Expect the requests to have succeeded: with few rounds, answers hold what they always do."""
    for overlap in seen:
        step = "The rounds make no difference to what an answer holds. Look at the log."
        expect_status(overlap.slow.answer, (200, 201), step)
    return seen


def compare_strangers(backend: Backend, inputs: Inputs, email: str) -> Comparison:
    """Compare a wrong password with an unknown address, until it is clear what they take."""
    password = inputs.make_password()
    costs = PairedCosts(
        backend,
        lambda: sign_in(backend, inputs.make_email(), password),
        lambda: sign_in(backend, email, password),
    )
    for pairs in PAIRS:
        seen = costs.compare(pairs)
        if do_the_same(seen):  # what differs is asked more often: one slow answer proves nothing
            break
    return seen


def take_as_long(seen: Comparison) -> bool:
    """Tell whether two requests take about as long.

    As a rule they do because they do the same work. An app may also wait until a fixed time is up,
    whatever it did meanwhile; then they take just as long.
    """
    return do_the_same(seen) or is_within(1.2, seen.time)


def do_the_same(seen: Comparison) -> bool:
    """Tell whether two requests take about the same work and time; a round more is twice it."""
    return is_within(2, seen.time) and is_within(1.6, seen.work)


def is_within(factor: float, *ratios: float) -> bool:
    """Tell whether all the ratios are at most so far from 1."""
    return all(1 / factor < ratio < factor for ratio in ratios)


def measure_bcrypt(rounds: int) -> float:
    """Return the processor seconds of one hash on this machine, from cheaper ones."""
    durations: list[float] = []
    for _ in range(3):
        started = time.thread_time()
        bcrypt.hashpw(b"x" * 16, bcrypt.gensalt(CHEAP_ROUNDS))
        durations.append(time.thread_time() - started)
    return min(durations) * float(2 ** (rounds - CHEAP_ROUNDS))


def expect_quick(seen: tuple[Overlap, ...], situation: str) -> None:
    """Expect /health to have been answered in the middle of the slow request."""
    expect(
        any(overlap.is_quick_first for overlap in seen),
        expected=f"/health to answer while {situation}",
        got=f"an answer only when the hash was done, {len(seen)} times out of {len(seen)}",
        next_step=(
            "Make the route a plain def, so that it runs in a thread: in an async def, "
            "bcrypt stops the event loop and everybody waits. Hold no lock while you hash."
        ),
    )
