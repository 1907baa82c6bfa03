"""L2.4: a token says who, since when and until when."""

import time

from jwt import InvalidTokenError, PyJWS

from checker.checks.declare import check
from checker.checks.expect import expect, expect_equal, expect_object, shorten
from checker.checks.fixtures import Changes, Variants
from checker.checks.steps import User, register_user, sign_in
from checker.checks.tokens import CLOSE, expect_token_parts
from checker.checks.values import is_lifetime
from checker.judge.inputs import Inputs
from checker.judge.variables import SECRET
from checker.probes.backend import Backend
from checker.probes.http import Exchange


def list_variants() -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "elsewhere": {"ACCESS_TOKEN_MINUTES": "5", "TZ": "TEST-05:30"},  # POSIX: east of Greenwich
    }


@check("L2.4", points=3, needs=("sign_in_gives_token",))
def test_token_claims(backend: Backend, user: User, secret: str) -> None:
    """The token is signed with HS256 and says who, since when and until when."""
    answer = sign_in(backend, user.email, user.password)
    now = time.time()
    token = expect_object(answer).get("access_token")
    header, claims = expect_token_parts(token, answer)
    step = "Put sub, user_id, iat and exp into the claims in create_token."
    expect_equal(
        answer, "alg in the token's header", header.get("alg"), "HS256", "Sign with HS256."
    )
    expect_equal(answer, "the claim sub", str(claims.get("sub")).lower(), user.email, step)
    expect_equal(answer, "the claim user_id", claims.get("user_id"), user.id, step)
    issued, expires = expect_times(claims, answer)
    expect(
        abs(expires - issued - 3600) <= 1 and abs(issued - now) < CLOSE,
        expected="iat to be now, and exp an hour later",
        got=f"iat {issued - now:+.0f} s from now, exp {expires - issued:.0f} s after iat",
        next_step="Use datetime.now(UTC) for both: a time without a zone is off by hours. Let exp "
        "be settings.access_token_minutes later.",
        answer=answer,
    )
    expect(
        is_signed(str(token), secret),
        expected=f"a signature made with {SECRET}",
        got="a signature made with another key",
        next_step=f"Sign with the whole value of {SECRET}, unchanged.",
        answer=answer,
    )


@check("L2.4", points=1, needs=("token_claims",))
def test_token_times_in_every_zone(variants: Variants, inputs: Inputs) -> None:
    """The claim iat is now, wherever the app runs."""
    _, issued, _ = sign_in_elsewhere(variants, inputs)
    expect(
        abs(issued - time.time()) < CLOSE,
        expected="iat to be now where the clock on the wall is 5 hours and a half ahead of UTC",
        got=f"iat {issued - time.time():+.0f} s from now",
        next_step="Use datetime.now(UTC) for both: a local time or utcnow() is off by hours.",
    )


@check("L2.4", points=1, needs=("token_claims",))
def test_token_lifetime_from_environment(variants: Variants, inputs: Inputs) -> None:
    """ACCESS_TOKEN_MINUTES sets the lifetime."""
    answer, issued, expires = sign_in_elsewhere(variants, inputs)
    expires_in = expect_object(answer).get("expires_in")
    expect(
        abs(expires - issued - 300) <= 1 and is_lifetime(expires_in, 300),
        expected="300 s between iat and exp, and expires_in 300, with ACCESS_TOKEN_MINUTES=5",
        got=f"{expires - issued:.0f} s and expires_in {expires_in!r}",
        next_step="Compute both from settings.access_token_minutes.",
        answer=answer,
    )


def sign_in_elsewhere(variants: Variants, inputs: Inputs) -> tuple[Exchange, float, float]:
    """Sign in where the settings and the time zone differ; return the answer, iat and exp."""
    backend = variants.open("elsewhere")
    user = register_user(backend, inputs)
    answer = sign_in(backend, user.email, user.password)
    _, claims = expect_token_parts(expect_object(answer).get("access_token"), answer)
    return answer, *expect_times(claims, answer)


def expect_times(claims: dict[str, object], answer: Exchange) -> tuple[float, float]:
    """Expect iat and exp to be NumericDates (RFC 7519), and return them."""
    issued, expires = claims.get("iat"), claims.get("exp")
    for value in (issued, expires):
        expect(
            isinstance(value, int | float) and not isinstance(value, bool),
            expected="the claims iat and exp to be numbers: seconds since 1970",
            got=f"iat {shorten(repr(issued))}, exp {shorten(repr(expires))}",
            next_step="Put iat and exp into the claims in create_token.",
            answer=answer,
        )
    return float(str(issued)), float(str(expires))


def is_signed(token: str, secret: str) -> bool:
    """Tell whether the signature verifies with the secret, whatever else the token claims."""
    try:
        PyJWS().decode(token, secret, algorithms=["HS256"])
    except InvalidTokenError:
        return False
    return True
