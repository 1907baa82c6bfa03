"""L2.2: passwords are hashed slowly, and nobody waits for it."""

from checker.checks.declare import check
from checker.checks.expect import expect, expect_status
from checker.checks.fixtures import Changes, Observations
from checker.checks.hashing import (
    ENOUGH,
    FEW_ROUNDS,
    expect_done,
    expect_quick,
    observe_hashing,
    observe_meanwhile,
)


def list_variants() -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "default_rounds": {"BCRYPT_ROUNDS": None},
        "few_rounds": {"BCRYPT_ROUNDS": f"{FEW_ROUNDS}"},
    }


@check("L2.2", points=2, needs=("register_creates_user",))
def test_hashing_is_slow(observations: Observations) -> None:
    """Hashing a password takes the work of 12 rounds by default."""
    seen = observations.wait_for(observe_hashing)
    answer = seen.registrations[0].answer
    expect_status(answer, 201, "Start without BCRYPT_ROUNDS: 12 is the default.")
    expect(
        seen.work >= seen.wanted_work * ENOUGH,
        expected=f"the work of bcrypt with 12 rounds, {seen.wanted_work * 1000:.0f} ms here",
        got=f"{seen.work * 1000:.0f} ms of processor time for a registration",
        next_step="Hash with bcrypt.hashpw and gensalt(settings.bcrypt_rounds), 12 by default.",
    )


@check("L2.2", points=1, needs=("register_creates_user",))
def test_rounds_from_environment(observations: Observations) -> None:
    """BCRYPT_ROUNDS sets the work: fewer rounds take less."""
    first = observations.wait_for(observe_meanwhile).first
    expect_status(first.answer, 201, f"Start with BCRYPT_ROUNDS={FEW_ROUNDS}, and register.")
    most = observations.wait_for(observe_hashing).wanted_work / 2
    expect(
        first.work < most,
        expected=f"BCRYPT_ROUNDS={FEW_ROUNDS} to take little processor time, {most * 1000:.0f} ms "
        "at most",
        got=f"{first.work * 1000:.0f} ms for a registration",
        next_step="Hand the setting on: gensalt(rounds) with settings.bcrypt_rounds.",
    )


@check(
    "L2.2",
    points=2,
    needs=("hashing_is_slow", "rounds_from_environment"),
    later_needs=((3, "health_needs_no_database"),),  # /health is what others ask
)
def test_hashing_leaves_others_free(observations: Observations) -> None:
    """While a password is hashed, other requests are answered."""
    seen = observations.wait_for(observe_meanwhile).registrations
    expect_quick(expect_done(seen), "a registration hashes its password")
