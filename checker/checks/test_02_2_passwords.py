"""L2.2: passwords are hashed slowly, and nobody waits for it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import bcrypt

from checker.checks.declare import check, in_background
from checker.checks.expect import expect, expect_status
from checker.checks.fixtures import Changes, Observations, Variants
from checker.checks.steps import register, sign_in
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.http import Exchange
from checker.probes.timing import Overlap, observe_overlap

DEFAULT_ROUNDS = 12
CHEAP_ROUNDS = 8
MOST_TRIES = 5


def list_variants() -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "default_rounds": {"BCRYPT_ROUNDS": None},
    }


@dataclass(frozen=True)
class Hashing:
    """What happened to /health while passwords were hashed; the last try is the telling one."""

    registrations: list[Overlap]
    sign_ins: list[Overlap]


@in_background
def observe_hashing(variants: Variants, inputs: Inputs) -> Hashing:
    """Register and sign in with the default rounds, and ask for /health in the middle of it."""
    backend = variants.open("default_rounds")
    password = inputs.make_password()
    emails = [inputs.make_email() for _ in range(MOST_TRIES)]
    registrations = observe_until_quick(
        backend, (partial(register, backend, email, password) for email in emails)
    )
    sign_ins: list[Overlap] = []
    if registrations[0].slow.status == 201:
        send = partial(sign_in, backend, emails[0], password)
        sign_ins = observe_until_quick(backend, (send for _ in range(MOST_TRIES)))
    return Hashing(registrations, sign_ins)


def observe_until_quick(backend: Backend, sends: Iterator[Callable[[], Exchange]]) -> list[Overlap]:
    """Send slow requests until once /health was answered in the middle, or one was refused."""
    seen: list[Overlap] = []
    for send in sends:
        seen.append(observe_overlap(backend, send, partial(backend.get, "/health")))
        if seen[-1].is_quick_first or seen[-1].slow.status >= 400:
            break
    return seen


@check("L2.2", points=2, needs=("register_creates_user",))
def test_hashing_is_slow(observations: Observations) -> None:
    """Hashing a password takes the work of 12 rounds by default."""
    seen = observations.wait_for(observe_hashing).registrations
    expect_status(seen[0].slow, 201, "Start without BCRYPT_ROUNDS: 12 is the default.")
    wanted = measure_bcrypt(DEFAULT_ROUNDS)
    spent = max(overlap.cpu_seconds for overlap in seen)
    expect(
        spent >= wanted / 2,
        expected=f"the work of bcrypt with 12 rounds, {wanted * 1000:.0f} ms on this machine",
        got=f"{spent * 1000:.0f} ms of processor time for a registration",
        next_step="Hash with bcrypt.hashpw and gensalt(settings.bcrypt_rounds), 12 by default.",
    )


@check("L2.2", points=2, needs=("hashing_is_slow",))
def test_hashing_leaves_others_free(observations: Observations) -> None:
    """While a password is hashed, other requests are answered."""
    seen = observations.wait_for(observe_hashing).registrations
    expect_quick(seen, "a registration hashes its password")


def expect_quick(seen: list[Overlap], situation: str) -> None:
    """Expect /health to have been answered in the middle of the slow request."""
    expect(
        any(overlap.is_quick_first for overlap in seen),
        expected=f"/health to answer while {situation}",
        got=f"an answer only when the hash was done, {len(seen)} times out of {len(seen)}",
        next_step=(
            "Make the route a plain def, so that it runs in a thread: in an async def, "
            "bcrypt stops the event loop and everybody waits."
        ),
    )


def measure_bcrypt(rounds: int) -> float:
    """Return the processor seconds of one hash on this machine, from cheaper ones."""
    durations: list[float] = []
    for _ in range(3):
        started = time.thread_time()
        bcrypt.hashpw(b"x" * 16, bcrypt.gensalt(CHEAP_ROUNDS))
        durations.append(time.thread_time() - started)
    return min(durations) * float(2 ** (rounds - CHEAP_ROUNDS))
