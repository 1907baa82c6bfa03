"""L2.5: users sign in, and strangers learn nothing."""

import statistics

from checker.checks.declare import check
from checker.checks.expect import (
    expect,
    expect_equal,
    expect_fields,
    expect_object,
    expect_refused,
    expect_status,
    shorten,
)
from checker.checks.fixtures import Observations
from checker.checks.hashing import (
    ENOUGH,
    FEW_ROUNDS,
    expect_done,
    expect_quick,
    observe_meanwhile,
    take_as_long,
)
from checker.checks.steps import User, register, sign_in
from checker.checks.values import is_lifetime
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.http import Exchange


@check("L2.5", points=3, needs=("register_creates_user",))
def test_sign_in_gives_token(backend: Backend, inputs: Inputs) -> None:
    """POST /api/auth/token answers 200 with a bearer token and its lifetime."""
    email, password = inputs.make_email(), inputs.make_password()
    expect_status(register(backend, email, password), 201, "See the checks of L2.3.")
    answer = sign_in(backend, email, password)
    step = "Return Token(access_token=…, expires_in=…) from the route /token."
    form = "Take OAuth2PasswordRequestForm: the sign-in comes as a form, not as JSON."
    expect_status(answer, 200, form if answer.status == 422 else step)
    body = expect_fields(answer, ("access_token", "token_type", "expires_in"), step)
    expect_equal(answer, "token_type", str(body["token_type"]).lower(), "bearer", step)
    expect(
        is_lifetime(body["expires_in"], 3600),
        expected="expires_in to be 3600: seconds, of ACCESS_TOKEN_MINUTES, which is 60 by default",
        got=shorten(repr(body["expires_in"])),
        next_step="Answer the lifetime in seconds: minutes times 60.",
        answer=answer,
    )


@check("L2.5", points=2, needs=("sign_in_gives_token",))
def test_sign_in_wrong_password_is_401(backend: Backend, inputs: Inputs, user: User) -> None:
    """A wrong password answers 401 with WWW-Authenticate: Bearer."""
    step = "Answer 401 when verify_password says no; let it compare the password as it came."
    expect_refused(sign_in(backend, user.email, inputs.make_password()), step)
    expect_refused(sign_in(backend, user.email, user.password.swapcase()), step)


@check("L2.5", points=2, needs=("sign_in_wrong_password_is_401",))
def test_sign_in_unknown_email_is_alike(backend: Backend, inputs: Inputs, user: User) -> None:
    """An unknown e-mail address gets the same answer as a wrong password."""
    stranger, password = inputs.make_email(), inputs.make_password()
    wrong = sign_in(backend, user.email, password)
    unknown = sign_in(backend, stranger, password)
    again = sign_in(backend, user.email, password)
    step = "Answer both from one place, so that nobody can find out who is registered."
    expect_refused(unknown, step)
    first, second = describe_body(wrong, user.email), describe_body(again, user.email)
    varying = {name for name in first | second if first.get(name) != second.get(name)}
    wanted, got = (
        {name: text for name, text in body.items() if name not in varying}
        for body in (first, describe_body(unknown, stranger))
    )
    expect(
        got == wanted,
        expected=f"the same body as for a wrong password: {shorten(wrong.text)}",
        got=shorten(unknown.text),
        next_step=step,
        answer=unknown,
    )


def describe_body(answer: Exchange, email: str) -> dict[str, str]:
    """Return the fields of a body; the address that was sent is no news to its sender."""
    return {name: str(value).replace(email, "…") for name, value in expect_object(answer).items()}


@check("L2.5", points=1, needs=("sign_in_gives_token",))
def test_sign_in_other_spelling(backend: Backend, inputs: Inputs) -> None:
    """The address signs in as it was typed at registration, and in any other spelling."""
    email, password = inputs.make_email().title(), inputs.make_password()
    expect_status(register(backend, email, password), 201, "See the checks of L2.3.")
    step = "Bring form.username into the spelling that is stored: read_email does it."
    for spelling in (email, email.lower(), email.upper(), f" {email} "):
        expect_status(sign_in(backend, spelling, password), 200, step)


@check("L2.5", points=1, needs=("sign_in_wrong_password_is_401",))
def test_sign_in_takes_every_character(backend: Backend, inputs: Inputs) -> None:
    """A password signs in as it was typed, and without its last character it does not."""
    odd = f" {inputs.make_password()}+%26=é\U0001f511 "
    longest = f"{inputs.make_password()}{'é' * 27}xy"  # 72 bytes
    for password in (odd, longest):
        email = inputs.make_email()
        expect_status(register(backend, email, password), 201, "See the checks of L2.3.")
        step = "Hash the whole password as it came: cut off, strip and change nothing."
        expect_status(sign_in(backend, email, password), 200, step)
        expect_status(sign_in(backend, email, password.strip()[:-1]), 401, step)


@check("L2.5", points=1, needs=("sign_in_unknown_email_is_alike",))
def test_sign_in_long_password_is_refused(backend: Backend, inputs: Inputs, user: User) -> None:
    """A sign-in with a password over 72 bytes is refused, whatever it begins with."""
    step = "bcrypt raises ValueError over 72 bytes: such a password is wrong, answer 401."
    for email in (user.email, inputs.make_email()):
        answer = sign_in(backend, email, "x" * 73)
        expect_status(answer, (401, 422), step)
    email, longest = inputs.make_email(), inputs.make_word(72)
    expect_status(register(backend, email, longest), 201, "Take passwords of up to 72 bytes.")
    cut = "Do not cut a password to 72 bytes: whatever came behind them would be let in."
    expect_status(sign_in(backend, email, f"{longest}z"), (401, 422), cut)


@check("L2.5", points=1, needs=("sign_in_gives_token",))
def test_sign_in_takes_a_form(backend: Backend, user: User) -> None:
    """A sign-in as JSON answers 422: OAuth 2 sends a form."""
    body = {"username": user.email, "password": user.password}
    answer = backend.post("/api/auth/token", json=body)
    expect_status(
        answer, 422, "Take OAuth2PasswordRequestForm: the sign-in comes as a form, not as JSON."
    )


@check(
    "L2.5",
    points=1,
    needs=("hashing_is_slow", "rounds_from_environment", "sign_in_gives_token"),
)
def test_sign_in_checks_the_hash(observations: Observations) -> None:
    """Checking a password takes as much work as hashing it."""
    seen = observations.wait_for(observe_meanwhile)
    work = statistics.median(overlap.slow.work for overlap in expect_done(seen.sign_ins))
    expect(
        work >= seen.wanted * ENOUGH,
        expected=f"the work of bcrypt with {FEW_ROUNDS} rounds, {seen.wanted * 1000:.0f} ms here",
        got=f"{work * 1000:.0f} ms of processor time for a sign-in",
        next_step="Keep nothing but the hash, and compare with bcrypt.checkpw.",
    )


@check(
    "L2.5",
    points=1,
    needs=("sign_in_checks_the_hash",),
    later_needs=((3, "health_needs_no_database"),),  # /health is what others ask
)
def test_sign_in_leaves_others_free(observations: Observations) -> None:
    """While a password is checked, other requests are answered."""
    seen = observations.wait_for(observe_meanwhile).sign_ins
    expect_quick(expect_done(seen), "a sign-in checks its password")


@check("L2.5", points=2, needs=("rounds_from_environment", "sign_in_unknown_email_is_alike"))
def test_sign_in_takes_the_same_time(observations: Observations) -> None:
    """An unknown e-mail address takes about as long as a wrong password."""
    meanwhile = observations.wait_for(observe_meanwhile)
    expect_done(meanwhile.sign_ins)
    seen = meanwhile.strangers
    expect(
        take_as_long(seen),
        expected="a wrong password to take about as long as an unknown e-mail address",
        got=f"{seen.time:.1f} times as long, with {seen.work:.1f} times the processor's work",
        next_step="When the user is unknown, check the password against a decoy hash, one of as "
        "many rounds as BCRYPT_ROUNDS says.",
    )
