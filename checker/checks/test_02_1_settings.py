"""L2.1: the app refuses to start with settings that are not safe."""

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.fixtures import Changes, Variants
from checker.checks.setting_expectations import expect_refusal
from checker.judge.inputs import Inputs
from checker.judge.variables import SECRET
from checker.probes.app import wait_until_ready
from checker.probes.backend import describe_start


def list_variants(inputs: Inputs) -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "secret_missing": {SECRET: None},
        "secret_empty": {SECRET: ""},
        "secret_of_31_bytes": {SECRET: inputs.make_secret(31)},
        "secret_of_32_bytes": {SECRET: f"{inputs.make_secret(30)}é"},  # 31 characters
        "rounds_3": {"BCRYPT_ROUNDS": "3"},
    }


@check("L2.1", points=2, needs=("health_answers_ok",))
def test_secret_missing_is_refused(variants: Variants) -> None:
    """Without BETTER_AUTH_SECRET the app refuses to start and names the variable."""
    step = "Declare better_auth_secret without a default in backend/app/settings.py."
    expect_refusal(variants.find_process("secret_missing"), SECRET, f"without {SECRET}", step)
    expect_refusal(variants.find_process("secret_empty"), SECRET, f"with an empty {SECRET}", step)


@check("L2.1", points=1, needs=("health_answers_ok",))
def test_secret_short_is_refused(variants: Variants) -> None:
    """With a BETTER_AUTH_SECRET of 31 bytes the app refuses to start."""
    step = "Refuse a secret under 32 bytes in backend/app/settings.py: HS256 needs that many."
    expect_refusal(
        variants.find_process("secret_of_31_bytes"), SECRET, f"with a {SECRET} of 31 bytes", step
    )


@check("L2.1", points=1, needs=("secret_short_is_refused",))
def test_secret_of_32_bytes_is_taken(variants: Variants) -> None:
    """With a BETTER_AUTH_SECRET of exactly 32 bytes the app starts."""
    step = (
        "Refuse fewer than 32 bytes, and take 32. Count bytes, not characters: "
        "len(secret.encode()). This secret has 31 characters; one of them, é, is two bytes."
    )
    process = variants.find_process("secret_of_32_bytes")
    expect(
        wait_until_ready(process),
        expected=f"the app to start with a {SECRET} of exactly 32 bytes",
        got=describe_start(process, process.poll()),
        next_step=step,
    )


@check("L2.1", points=1, needs=("health_answers_ok",))
def test_low_rounds_are_refused(variants: Variants) -> None:
    """With BCRYPT_ROUNDS=3 the app refuses to start and names the variable."""
    step = "Bound bcrypt_rounds in backend/app/settings.py: Field(default=12, ge=4)."
    expect_refusal(variants.find_process("rounds_3"), "BCRYPT_ROUNDS", "with BCRYPT_ROUNDS=3", step)
