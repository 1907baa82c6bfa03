"""L2.3: visitors register, once each, and their passwords stay secret."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from checker.checks.declare import check
from checker.checks.expect import (
    expect,
    expect_detail,
    expect_equal,
    expect_fields,
    expect_object,
    expect_status,
    shorten,
)
from checker.checks.fixtures import Variants
from checker.checks.steps import register, sign_in
from checker.checks.values import is_now, is_utc_time, is_uuid
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend

AT_ONCE = 20


@check(
    "L2.3",
    points=2,
    needs=("health_answers_ok",),
    later_needs=((3, "users_table_is_built"),),
)
def test_register_creates_user(backend: Backend, inputs: Inputs) -> None:
    """POST /api/auth/register answers 201 with the new user."""
    email, name = inputs.make_email(), inputs.make_name()
    answer = register(backend, email, inputs.make_password(), name)
    step = "Return the stored user from the route, with the model UserPublic as response_model."
    expect_status(answer, 201, step)
    body = expect_fields(answer, ("id", "email", "name", "created_at"), step)
    swapped = "The e-mail holds the name: look at the order of the arguments that make the user."
    is_swapped = str(body["email"]).lower() == name.lower()
    shown = swapped if is_swapped else step
    expect_equal(answer, "email", str(body["email"]).lower(), email, shown)
    expect_equal(answer, "name", body["name"], name, step)
    expect(
        is_uuid(body["id"]),
        expected="id to be a UUID",
        got=shorten(repr(body["id"])),
        next_step="Give a new user the id uuid4().",
        answer=answer,
    )


@check("L2.3", points=1, needs=("register_creates_user",))
def test_register_time_is_now_in_utc(variants: Variants, inputs: Inputs) -> None:
    """The time created_at is now, in UTC and with its offset, in every time zone."""
    backend = variants.open("elsewhere")
    answer = register(backend, inputs.make_email(), inputs.make_password())
    created_at = expect_fields(answer, ("created_at",), "Answer with UserPublic.")["created_at"]
    expect(
        is_utc_time(created_at) and is_now(created_at),
        expected=f"created_at to be now, in UTC with its offset: {datetime.now(UTC).isoformat()}",
        got=f"{shorten(repr(created_at))} where the clock is 5 hours and a half ahead of UTC",
        next_step="Use datetime.now(UTC): now() is local time, and utcnow() carries no offset.",
        answer=answer,
    )


@check("L2.3", points=1, needs=("register_creates_user",))
def test_register_without_name(backend: Backend, inputs: Inputs) -> None:
    """The name is optional."""
    body = {"email": inputs.make_email(), "password": inputs.make_password()}
    answer = backend.post("/api/auth/register", json=body)
    expect_status(answer, 201, "Give name a default in UserCreate.")
    expect_fields(answer, ("id", "name"), "Answer with the field name, empty or null.")


@check("L2.3", points=2, needs=("register_creates_user",))
def test_register_hides_password(backend: Backend, inputs: Inputs) -> None:
    """No answer about a user holds the password or its hash."""
    email, password = inputs.make_email(), inputs.make_password()
    answers = [register(backend, email, password), sign_in(backend, email, password)]
    if answers[-1].status == 200:  # another task; until it is done there is less to look at
        token = str(expect_object(answers[-1]).get("access_token"))
        answers.append(backend.get("/api/auth/me", token=token))
    for answer in answers:
        leaked = [word for word in (password, "$2a$", "$2b$", "$2y$") if word in answer.text]
        expect(
            not leaked and "hashed_password" not in answer.text,
            expected=f"neither the password nor its hash in the answer to {answer}",
            got=shorten(answer.text),
            next_step="Answer with UserPublic: a model of its own without the hash.",
            answer=answer,
        )


@check("L2.3", points=2, needs=("register_creates_user",))
def test_register_twice_is_409(backend: Backend, inputs: Inputs) -> None:
    """An e-mail address that is taken answers 409."""
    email = inputs.make_email()
    expect_status(register(backend, email, inputs.make_password()), 201, "See the check before.")
    answer = register(backend, email, inputs.make_password())
    expect_status(answer, 409, "Catch EmailTakenError in the route and answer 409.")
    expect_detail(answer, 'Raise HTTPException(409, "…"): it makes the JSON body.')


@check("L2.3", points=2, needs=("register_twice_is_409",))
def test_register_other_spelling_is_409(backend: Backend, inputs: Inputs) -> None:
    """The same address in other letters, or with spaces around it, is taken too."""
    email = inputs.make_email()
    expect_status(register(backend, email, inputs.make_password()), 201, "See the check before.")
    step = "Strip and lower the address before anything else looks at it."
    for spelling in (email.upper(), email.title(), f"  {email} "):
        answer = register(backend, spelling, inputs.make_password())
        expect(
            answer.status == 409,
            expected=f"409 Conflict for {spelling!r} when {email!r} is registered",
            got=f"{answer.status}: {shorten(answer.text)}",
            next_step=step,
            answer=answer,
        )


@check("L2.3", points=2, needs=("register_creates_user",))
def test_register_bad_email_is_422(backend: Backend, inputs: Inputs) -> None:
    """An e-mail address without @ or without a domain answers 422."""
    for email in (inputs.make_word(), f"{inputs.make_word()}@", "@example.com", ""):
        answer = register(backend, email, inputs.make_password())
        expect(
            answer.status == 422,
            expected=f"422 for the e-mail address {email!r}",
            got=f"{answer.status}: {shorten(answer.text)}",
            next_step="Declare the field as EmailStr.",
            answer=answer,
        )
        expect_detail(answer, "Let FastAPI answer 422 itself.")


@check("L2.3", points=2, needs=("register_creates_user",))
def test_register_short_password_is_422(backend: Backend, inputs: Inputs) -> None:
    """A password of 7 characters answers 422, one of 8 does not."""
    step = "Bound the password: Field(min_length=8)."
    password = inputs.make_password()[:8]
    for short in (password[:7], "é" * 7):
        answer = register(backend, inputs.make_email(), short)
        expect_status(answer, 422, step)
        expect_detail(answer, "Let FastAPI answer 422 itself.")
    expect_status(register(backend, inputs.make_email(), password), 201, step)


@check("L2.3", points=2, needs=("register_creates_user",))
def test_register_long_password_is_422(backend: Backend, inputs: Inputs) -> None:
    """A password over 72 bytes in UTF-8 answers 422, one of exactly 72 is taken."""
    step = "Count the bytes, len(password.encode()), not the characters: 72 at most."
    for password in ("x" * 73, "é" * 37):
        answer = register(backend, inputs.make_email(), password)
        expect(
            answer.status == 422,
            expected=f"422 for a password of {len(password.encode())} bytes",
            got=f"{answer.status}: {shorten(answer.text)}",
            next_step=step,
            answer=answer,
        )
    email, longest = inputs.make_email(), inputs.make_password()[:12] + "é" * 30
    expect_status(register(backend, email, longest), 201, step)


@check("L2.3", points=1, needs=("register_creates_user",))
def test_register_same_password(backend: Backend, inputs: Inputs) -> None:
    """Two users may have the same password, and are two all the same."""
    password = inputs.make_password()
    answers = [register(backend, inputs.make_email(), password) for _ in range(2)]
    for answer in answers:
        expect_status(answer, 201, "Only the e-mail address is unique, never the password.")
    first, second = (expect_object(answer).get("id") for answer in answers)
    expect(
        first != second,
        expected="two users to have two ids",
        got=f"{shorten(repr(first))} for both",
        next_step="Make a new id for each user, when the user is made.",
        answer=answers[1],
    )


@check("L2.3", points=3, needs=("register_twice_is_409",))
def test_register_race_has_one_winner(backend: Backend, inputs: Inputs) -> None:
    """Of 20 registrations of one address at once, exactly one succeeds."""
    email, password = inputs.make_email(), inputs.make_password()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(register, backend, email, password) for _ in range(AT_ONCE)]
        answers = [future.result() for future in sent]
    statuses = sorted(answer.status for answer in answers)
    expect(
        statuses == [201] + [409] * (AT_ONCE - 1),
        expected="one 201 and nineteen 409",
        got=", ".join(f"{statuses.count(s)} times {s}" for s in sorted(set(statuses))),
        next_step="Look and add in one step: nothing may come between them.",
        answer=next((a for a in answers if a.status not in {201, 409}), answers[0]),
    )
