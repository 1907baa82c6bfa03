"""L2.6: the app knows who is asking, and takes no forged token."""

import time
from collections.abc import Iterator

from checker.checks.declare import check
from checker.checks.expect import (
    expect,
    expect_equal,
    expect_fields,
    expect_refused,
    expect_status,
    shorten,
)
from checker.checks.steps import User, register_user
from checker.checks.tokens import (
    is_token,
    make_claims,
    sign,
    sign_with_nothing,
    tamper_claims,
    tamper_signature,
)
from checker.judge.inputs import Inputs
from checker.judge.variables import SECRET
from checker.probes.backend import Backend
from checker.probes.http import Exchange, Request

VERIFY = f"Let jwt.decode verify the signature with {SECRET}: no verify_signature=False."
INTERNAL_WORDS = (
    *("Traceback", 'File "', "jwt.exceptions", "$2b$"),
    # What PyJWT, uuid, bcrypt and Python itself write into their exceptions.
    *("Not enough segments", "Invalid header string", "Invalid payload string"),
    *("Invalid header padding", "Invalid payload padding", "Invalid crypto padding"),
    *("Algorithm not specified", "Incorrect padding"),
    *("codec can't decode", "badly formed hexadecimal", "has no attribute", "Invalid salt"),
)
ONLY_HS256 = 'Name the algorithms that you allow: jwt.decode(…, algorithms=["HS256"]).'


@check("L2.6", points=3, needs=("sign_in_gives_token",))
def test_me_answers_the_user(backend: Backend, inputs: Inputs, user: User) -> None:
    """GET /api/auth/me answers 200 with the user of the token."""
    other = register_user(backend, inputs)
    for asking in (user, other, user):
        answer = backend.get("/api/auth/me", token=asking.token)
        step = "Find the user of the token in get_current_user and return it from the route /me."
        if answer.status == 401:
            step = (
                "The app refuses its own token, and the except hides why: put print(repr(error)) "
                "in it. Often algorithms is missing in jwt.decode."
            )
        expect_status(answer, 200, step)
        body = expect_fields(answer, ("id", "email", "name", "created_at"), step)
        expect_equal(answer, "id", body["id"], asking.id, step)
        expect_equal(answer, "email", str(body["email"]).lower(), asking.email, step)
        expect_equal(answer, "name", body["name"], asking.name, step)


@check("L2.6", points=1, needs=("me_answers_the_user",))
def test_me_takes_a_token_made_elsewhere(backend: Backend, user: User, secret: str) -> None:
    """A token with the contract's claims and the right key is taken, whoever made it."""
    # An hour and a minute: a token that the app has made itself would be the same, byte for byte.
    token = sign(make_claims(user, exp=int(time.time()) + 3660), secret)
    answer = backend.get("/api/auth/me", token=token)
    expect_status(answer, 200, f"Verify with {SECRET} and ask for sub, user_id, iat and exp only.")
    body = expect_fields(answer, ("id", "name"), "Answer with UserPublic.")
    step = "Answer with the user whom the app has stored, not with what the token says."
    expect_equal(answer, "id", body["id"], user.id, step)
    expect_equal(answer, "name", body["name"], user.name, step)


@check("L2.6", points=2, needs=("me_answers_the_user",))
def test_me_without_token_is_401(backend: Backend) -> None:
    """No token answers 401 with WWW-Authenticate: Bearer."""
    expect_refused(backend.get("/api/auth/me"), "Protect the route: user: CurrentUser.")


@check("L2.6", points=1, needs=("me_without_token_is_401",))
def test_me_malformed_token_is_401(backend: Backend, inputs: Inputs) -> None:
    """What is no token answers 401, and shuts nobody out of /health."""
    word = inputs.make_word()
    for value in ("Bearer", "Bearer x", f"Bearer {word}.{word}.x", "Bearer e30.e30.e30"):
        answer = backend.get("/api/auth/me", headers={"Authorization": value})
        expect_refused(answer, "Catch jwt.InvalidTokenError: all that it stands for is 401.")
    bad = {"Authorization": f"Bearer {word}.{word}.x"}
    answer = backend.get("/health", headers=bad)
    expect_status(answer, 200, "Read the token in routes that need a user only, by a dependency.")


@check("L2.6", points=1, needs=("me_malformed_token_is_401",))
def test_me_other_scheme_is_401(backend: Backend, user: User) -> None:
    """A token without the word Bearer before it answers 401."""
    for value in (f"Basic {user.token}", user.token):
        answer = backend.get("/api/auth/me", headers={"Authorization": value})
        expect_refused(answer, "Let OAuth2PasswordBearer read the header.")


@check("L2.6", points=1, needs=("me_malformed_token_is_401",))
def test_me_odd_claims_are_401(backend: Backend, inputs: Inputs, user: User, secret: str) -> None:
    """A token of nobody, whose claims are no id and no address, answers 401."""
    for odd in (inputs.make_word(), "", 7, [inputs.make_word()], {"x": "y"}):
        token = sign(make_claims(user, user_id=odd, sub=inputs.make_word()), secret)
        answer = backend.get("/api/auth/me", token=token)
        expect_refused(answer, "Write UUID(str(…)) and catch ValueError: such a token is 401.")


@check("L2.6", points=2, needs=("me_malformed_token_is_401",))
def test_me_expired_token_is_401(backend: Backend, user: User, secret: str) -> None:
    """A token that has expired answers 401."""
    now = int(time.time())
    # Long ago; and a while ago although it was made within the hour, more than clocks differ.
    for issued, expired in ((7200, 3600), (1800, 400)):
        claims = make_claims(user, iat=now - issued, exp=now - expired)
        answer = backend.get("/api/auth/me", token=sign(claims, secret))
        expect_refused(answer, "Let jwt.decode verify exp: no verify_exp=False.")


@check("L2.6", points=2, needs=("me_malformed_token_is_401",))
def test_me_tampered_claims_are_401(
    backend: Backend, inputs: Inputs, user: User, secret: str
) -> None:
    """A token whose claims were changed answers 401."""
    other = register_user(backend, inputs)
    token = user.token if is_token(user.token) else sign(make_claims(user), secret)
    changed = tamper_claims(token, user_id=other.id, sub=other.email)
    longer = tamper_claims(token, exp=int(time.time()) + 10**6)
    for token in (changed, longer):
        expect_refused(backend.get("/api/auth/me", token=token), VERIFY)


@check("L2.6", points=1, needs=("me_malformed_token_is_401",))
def test_me_tampered_signature_is_401(backend: Backend, user: User) -> None:
    """A token whose signature was changed or cut off answers 401."""
    changed = (tamper_signature(user.token, place) for place in (0, 1 / 2, 1))
    without = user.token.rpartition(".")[0] + "."
    for token in (*changed, without):
        expect_refused(backend.get("/api/auth/me", token=token), VERIFY)


@check("L2.6", points=2, needs=("me_malformed_token_is_401",))
def test_me_wrong_key_is_401(backend: Backend, inputs: Inputs, user: User) -> None:
    """A token signed with another key answers 401."""
    for key in (inputs.make_secret(48), "secret", "changeme"):
        answer = backend.get("/api/auth/me", token=sign(make_claims(user), key))
        expect_refused(answer, VERIFY)


@check("L2.6", points=2, needs=("me_malformed_token_is_401",))
def test_me_unsigned_token_is_401(backend: Backend, user: User) -> None:
    """A token with alg none, however that is spelt, answers 401."""
    for name in ("none", "None", "NONE", ""):
        token = sign_with_nothing(make_claims(user), name)
        expect_refused(backend.get("/api/auth/me", token=token), ONLY_HS256)


@check("L2.6", points=1, needs=("me_malformed_token_is_401",))
def test_me_other_algorithm_is_401(backend: Backend, user: User, secret: str) -> None:
    """A token signed with HS512 or HS384 answers 401, although the key is right."""
    for algorithm in ("HS512", "HS384"):
        token = sign(make_claims(user), secret, algorithm)
        expect_refused(backend.get("/api/auth/me", token=token), ONLY_HS256)


@check("L2.6", points=2, needs=("me_malformed_token_is_401",))
def test_me_token_without_exp_is_401(backend: Backend, user: User, secret: str) -> None:
    """A token that never expires answers 401."""
    token = sign(make_claims(user, exp=None), secret)
    step = 'Require the claim: options={"require": ["exp", …]} in jwt.decode.'
    expect_refused(backend.get("/api/auth/me", token=token), step)


@check("L2.6", points=2, needs=("me_malformed_token_is_401",))
def test_me_unknown_user_is_401(backend: Backend, inputs: Inputs, user: User, secret: str) -> None:
    """A token of a user who does not exist answers 401."""
    claims = make_claims(user, user_id=inputs.make_id(), sub=inputs.make_email())
    answer = backend.get("/api/auth/me", token=sign(claims, secret))
    expect_refused(answer, "Look the user up on every request, and answer 401 when there is none.")


@check("L2.6", points=2, needs=("me_malformed_token_is_401",))
def test_errors_hide_internals(backend: Backend, inputs: Inputs, user: User, secret: str) -> None:
    """No error shows a stack trace, a secret or the text of an exception."""
    words = (*INTERNAL_WORDS, secret)
    forged = sign(make_claims(user, user_id=inputs.make_word(), sub=inputs.make_word()), secret)
    for answer in provoke_errors(backend, inputs, forged):
        expect(
            answer.status < 500,
            expected=f"{answer} to be refused with a status from 400 to 499",
            got=f"{answer.status}: {shorten(answer.text)}",
            next_step="Your code raised the exception below. Refuse such input instead.",
            answer=answer,
        )
        shown = [word for word in words if word in answer.text]
        expect(
            not shown,
            expected=f"the answer to {answer} to say what is wrong and nothing of the inside",
            got=shorten(answer.text),
            next_step="Write the detail yourself: never str(error) of an exception.",
            answer=answer,
        )


def provoke_errors(backend: Backend, inputs: Inputs, forged: str) -> Iterator[Exchange]:
    """Send what an app meets sooner or later."""
    bodies: tuple[object, ...] = ([], "x", 7, {"email": ["x"], "password": {}}, {"email": "\x00@"})
    for body in bodies:
        yield backend.post("/api/auth/register", json=body)
    for text in (b'{"email": ', b"\xff\xfe{}", b""):  # cut off, in no encoding, nothing at all
        headers = {"Content-Type": "application/json"}
        yield backend.send(Request("POST", "/api/auth/register", headers, text))
    password = f"{inputs.make_password()}\x00"
    yield backend.post("/api/auth/register", json={"email": "@", "password": password})
    yield backend.post("/api/auth/token", form={"username": "\x00", "password": "\x00"})
    yield backend.post("/api/auth/token", form={"grant_type": "password"})
    word = inputs.make_word()
    for token in (word, f"{word}.{word}.", "e30.e30.e30", f"{forged}x", forged):
        yield backend.get("/api/auth/me", token=token)
