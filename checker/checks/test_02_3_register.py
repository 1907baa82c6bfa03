"""L2.3: visitors register, once each, and their passwords stay secret."""

from datetime import UTC, datetime

from checker.checks.declare import check, in_background
from checker.checks.expect import (
    advise,
    expect,
    expect_detail,
    expect_equal,
    expect_fields,
    expect_object,
    expect_status,
    shorten,
)
from checker.checks.fixtures import Changes, Observations, Variants
from checker.checks.steps import make_registration, register, sign_in
from checker.checks.values import is_now, is_uuid
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.guest.disturb import VARIABLE as PAUSE
from checker.probes.http import Exchange

AT_ONCE = 20
POOL_STEP = (
    "Who comes at once must wait for a connection: let create_engine keep enough of them, with "
    "pool_size and max_overflow, and let pool_timeout be some seconds."
)
BURSTS = 2


def list_variants(databases: object) -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at.

    An app with a database makes many more calls, and waits for the database in between.
    """
    return {
        "threads_in_the_way": {PAUSE: "0.005" if databases is None else "0.001"},
    }


@in_background()
def observe_bursts(variants: Variants, inputs: Inputs) -> list[list[Exchange]]:
    """Register an address many times at once, where threads get into each other's way."""
    backend = variants.open("threads_in_the_way")
    bursts: list[list[Exchange]] = []
    for _ in range(BURSTS):
        request = make_registration(inputs.make_email(), inputs.make_password())
        bursts.append(backend.send_together([request] * AT_ONCE))
    return bursts


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
    created = "Give the route status_code=201: something was created."
    expect_status(answer, 201, created if answer.status == 200 else step)
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
        is_now(created_at),
        expected=f"created_at to be now, in UTC with its offset: {datetime.now(UTC).isoformat()}",
        got=f"{shorten(repr(created_at))} where the clock is 5 hours and a half ahead of UTC",
        next_step="Use datetime.now(UTC): now() is local time, and utcnow() carries no offset. "
        "A database gives times in a zone of its own: ask each connection for UTC.",
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
        headers = "; ".join(f"{name}: {value}" for name, value in answer.headers.items())
        told = (password, "$2a$", "$2b$", "$2y$")
        leaked = [text for text in (answer.text, headers) if any(word in text for word in told)]
        expect(
            not leaked and "hashed_password" not in answer.text,
            expected=f"neither the password nor its hash in the answer to {answer}",
            got=shorten(leaked[0] if leaked else answer.text),
            next_step="Answer with UserPublic, a model of its own without the hash, and put "
            "nothing of the stored user into a header.",
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
            next_step="Refuse it with 422, as FastAPI does by itself."
            if answer.status == 400
            else "Declare the field as EmailStr.",
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


@check("L2.3", points=1, needs=("register_creates_user",))
def test_register_takes_no_id(backend: Backend, inputs: Inputs) -> None:
    """What a visitor may not choose, such as the id, is ignored or refused."""
    chosen = {"id": inputs.make_id(), "created_at": "2001-01-01T00:00:00Z"}
    body = {"email": inputs.make_email(), "password": inputs.make_password(), "name": "Ada"}
    answer = backend.post("/api/auth/register", json=body | chosen)
    step = "Take email, password and name from the request, and make the rest yourself."
    expect_status(answer, (201, 422), step)
    taken = [name for name, value in chosen.items() if value[:10] in answer.text]
    expect(
        answer.status != 201 or not taken,
        expected="an id and a created_at in the request to be ignored, or refused with 422",
        got=f"{', '.join(taken)} as the visitor chose: {shorten(answer.text)}",
        next_step=step,
        answer=answer,
    )


@check("L2.3", points=3, needs=("register_twice_is_409", "rounds_from_environment"))
def test_register_race_has_one_winner(
    observations: Observations,
) -> None:
    """Of 20 registrations of one address at once, exactly one succeeds."""
    first, *later = observations.wait_for(observe_bursts)
    step = "Look and add in one step: nothing may come between them."
    for answers in later:
        expect_one_winner(answers, "at once", step)
    step = "Make the store when its module is imported: first requests made one each."
    expect_one_winner(first, "at once, as the first requests of all", step)


def expect_one_winner(answers: list[Exchange], situation: str, next_step: str) -> None:
    """Expect one 201 and for the rest 409."""
    statuses = sorted(answer.status for answer in answers)
    odd = next((answer for answer in answers if answer.status not in {201, 409}), answers[0])
    expect(
        statuses == [201] + [409] * (len(answers) - 1),
        expected=f"one 201 and {len(answers) - 1} times 409 for one address, {situation}",
        got=", ".join(f"{statuses.count(s)} times {s}" for s in sorted(set(statuses))),
        next_step=POOL_STEP if 503 in statuses else advise(odd, next_step),
        answer=odd,
    )
