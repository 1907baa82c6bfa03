"""L5.3: whatever the model does wrong, the app says so in plain words and with the right status."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from checker.checks.chats import (
    CHAT,
    ONCE,
    STREAM,
    expect_ending,
    expect_plain,
    follow,
    make_question,
    read_conversation,
    read_newest,
    read_stream,
    see_text,
)
from checker.checks.declare import check, in_background
from checker.checks.expect import expect, expect_detail, expect_status
from checker.checks.fixtures import Changes, Observations, Variants
from checker.checks.steps import User, register_user
from checker.judge.inputs import Inputs
from checker.judge.variables import MODEL_URL
from checker.probes.backend import Backend
from checker.probes.http import Exchange
from checker.probes.model.script import (
    Cut,
    EndEarly,
    Piece,
    Raw,
    Refuse,
    Text,
    Turn,
    Wait,
    say,
)
from checker.probes.model.server import ModelServer, Stage
from checker.probes.stream import EventStream

LONGEST_SILENCE = 12.0  # seconds, for apps that let the client try three times
PAUSE = 3600  # seconds that a busy model asks for
LATE = 60  # seconds that an answer may take until somebody counts
REFUSALS: tuple[Turn, ...] = (
    (Refuse(401, "invalid_api_key"),),
    (Refuse(400),),
    (Refuse(404, "model_not_found"),),
    (Refuse(500, "server_error", ONCE),),
)
WRONG_SHAPE = b'data: {"choices": "none", "type": 7, "response": []}\n\ndata: [DONE]\n\n'
NONSENSE: tuple[Turn, ...] = (
    (Raw(b"<html><p>test-only-internals</p></html>", "text/html"),),
    (Raw(b"data: {test-only-internals\n\ndata: [DONE]\n\n"),),
    (Raw(WRONG_SHAPE),),
    (Raw(b""),),
    (EndEarly(),),
)


def list_variants(model: ModelServer) -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "model_away": {MODEL_URL: model.refusing_url},
        "model_silent": {"OPENAI_TIMEOUT_SECONDS": "1"},
    }


def ask_both(backend: Backend, user: User, word: str) -> list[Exchange]:
    """Ask the same over both routes, and return both answers whole."""
    patient = backend.with_patience(LONGEST_SILENCE)
    with ThreadPoolExecutor(2) as pool:
        requests = [make_question(user, word, path=path) for path in (CHAT, STREAM)]
        return list(pool.map(patient.send, requests))


def expect_failures(
    answers: list[Exchange], status: int | tuple[int, ...], model: Stage, next_step: str
) -> None:
    """Expect the status on both routes, with a detail that gives nothing away."""
    for answer in answers:
        expect_status(answer, status, next_step)
        expect_detail(answer, 'Answer it as JSON with "detail".')
        expect_plain(answer.text, model, answer)


@check("L5.3", points=3, needs=("chat_answers",))
def test_refusals_are_502(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """When the model answers 4xx or 5xx, so is the app's answer 502, in plain words."""
    step = "Make a ModelFailedError of every APIStatusError: explain_failures in failures.py."
    for turn in REFUSALS:
        word = inputs.make_word()
        model.play(word, turn)
        expect_failures(ask_both(backend, user, word), 502, model, step)


@check("L5.3", points=3, needs=("chat_answers",))
def test_busy_model_is_503(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """When the model answers 429 the app answers 503, with Retry-After if the model gave one."""
    step = "Make a ModelUnavailableError of RateLimitError, before the other kinds."
    busy, spent = inputs.make_word(), inputs.make_word()
    headers = {**ONCE, "retry-after": "17"}
    model.play(busy, (Refuse(429, "rate_limit_exceeded", headers),))
    model.play(spent, (Refuse(429, "insufficient_quota", ONCE),))
    answers = ask_both(backend, user, busy)
    expect_failures([*answers, *ask_both(backend, user, spent)], 503, model, step)
    for answer in answers:
        told = answer.headers.get("retry-after", "")
        expect(
            told == "17",
            expected="Retry-After: 17, as the model said",
            got=f"Retry-After: {told}" if told else "no such header",
            next_step="Read it from error.response.headers, and send it along.",
            answer=answer,
        )


@check("L5.3", points=1, needs=("busy_model_is_503",))
def test_busy_until_a_date(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """A Retry-After that the model gave as a date is passed on, as that date or in seconds."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=PAUSE), usegmt=True)
    word = inputs.make_word()
    model.play(word, (Refuse(429, "rate_limit_exceeded", {**ONCE, "retry-after": date}),))
    for answer in ask_both(backend, user, word):
        told = answer.headers.get("retry-after", "")
        is_near = told.isdecimal() and PAUSE - LATE <= int(told) <= PAUSE + 1
        expect(
            told == date or is_near,
            expected=f"Retry-After: {date}, as the model said, or the seconds until then",
            got=f"Retry-After: {told}" if told else "no such header",
            next_step="The header holds seconds or a date; parsedate_to_datetime reads a date.",
            answer=answer,
        )


@check("L5.3", points=2, needs=("chat_answers",))
def test_nonsense_is_502(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """When the model talks nonsense or says nothing at all, the app answers 502."""
    step = "Check what comes: Reply.add raises ValueError, and an answer must be finished."
    for turn in NONSENSE:
        word = inputs.make_word()
        model.play(word, turn)
        allowed = (502, 503) if turn == (EndEarly(),) else 502  # asked at once, a line that broke
        expect_failures(ask_both(backend, user, word), allowed, model, step)


@check("L5.3", points=1, needs=("chat_answers",))
def test_empty_answer_is_no_crash(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """An answer without a word is passed on, or 502; it is no error 500."""
    word = inputs.make_word()
    model.play(word, say())
    for answer in ask_both(backend, user, word):
        expect_status(answer, (200, 502), "Let an empty answer be a failure of the model.")


@check("L5.3", points=2, needs=("stream_has_its_events",))
def test_long_answer_arrives_whole(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """An answer of 200,000 characters arrives, and is kept, whole."""
    # Each token is another: clients such as LiteLLM end an answer that repeats itself 100 times.
    word, texts = inputs.make_word(), [inputs.make_word(1000) for _ in range(200)]
    model.play(word, say(*texts))
    stream = read_stream(backend, user, word)
    data = expect_ending(stream, "done", "Set no limit of your own on an answer's length.")
    said = read_conversation(backend, user, str(data.get("conversation_id")))
    kept = "".join(content for role, content in said if role == "assistant")
    expect(
        stream.text == "".join(texts) and kept == "".join(texts),
        expected="200,000 characters on the wire and in the conversation",
        got=f"{len(stream.text)} and {len(kept)}",
        next_step="Let content be text without a length, in the column too.",
    )


@in_background(takes=2)
def watch_refused(variants: Variants, inputs: Inputs) -> list[Exchange]:
    """Ask an app at whose model's address nobody listens."""
    backend = variants.open("model_away")
    return ask_both(backend, register_user(backend, inputs), "Hello")


@dataclass(frozen=True)
class Silence:
    """What an app answered whose model took the question and said nothing.

    Attributes:
        answers: Of both routes.
        stalled: A stream whose model fell silent after its first word.
    """

    answers: list[Exchange]
    stalled: EventStream


@in_background(takes=4)
def watch_silent_model(variants: Variants, inputs: Inputs, model: ModelServer) -> Silence:
    """Ask an app whose model says nothing, or nothing more."""
    backend = variants.open("model_silent").with_patience(LONGEST_SILENCE)
    user = register_user(backend, inputs)
    mute, stalling = inputs.make_word(), inputs.make_word()
    model.play(mute, (Wait(),))
    model.play(stalling, (Text("Well"), Wait()))
    with ThreadPoolExecutor(2) as pool:
        answers = pool.submit(ask_both, backend, user, mute)
        stalled = pool.submit(read_stream, backend, user, stalling)
        return Silence(answers.result(), stalled.result())


@check("L5.3", points=2, needs=("chat_answers", "stream_has_its_events"))
def test_unreachable_model_is_503(observations: Observations, model: Stage) -> None:
    """When nobody listens at the model's address, the app answers 503."""
    step = "Make a ModelUnavailableError of APIConnectionError."
    expect_failures(observations.wait_for(watch_refused), 503, model, step)


@check("L5.3", points=3, needs=("unreachable_model_is_503", "tokens_leave_as_they_arrive"))
def test_silent_model_is_503(observations: Observations, model: Stage) -> None:
    """When the model says nothing for OPENAI_TIMEOUT_SECONDS, the app answers 503."""
    seen = observations.wait_for(watch_silent_model)
    expect_failures(seen.answers, 503, model, "Give the client timeout=, and catch both time-outs.")
    step = "Limit the silence between two tokens too: asyncio.timeout round the next chunk."
    expect(seen.stalled.text == "Well", expected="the token that came", got="none", next_step=step)
    expect_plain(str(expect_ending(seen.stalled, "error", step)), model)


@check("L5.3", points=3, needs=("tokens_leave_as_they_arrive",))
def test_broken_answer_is_an_error_event(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """When the answer breaks off, the stream ends with an event error, and its half is kept."""
    step = "When a stream ends without a finish_reason, raise ModelFailedError."
    endings: tuple[Piece, ...] = (Cut(), EndEarly())
    for ending in endings:
        word = inputs.make_word()
        script = model.play(word, (Text("Half an"), Wait(), ending))
        with follow(backend, user, word) as stream:
            see_text(stream, "Half an", step)
            script.release()
            stream.read_all()
        detail = expect_ending(stream, "error", step).get("detail")
        expect(
            isinstance(detail, str) and bool(detail.strip()),
            expected='data of the event error with "detail", a text',
            got=f"{stream.events[-1].data}",
            next_step='Send {"detail": "…"} with it.',
        )
        expect_plain(str(detail), model)
        expect_half(backend, user, word, "Half an")


def expect_half(backend: Backend, user: User, question: str, half: str) -> None:
    """Expect the newest conversation to hold the question and what was said of the answer."""
    said = read_newest(backend, user)
    expect(
        said == [("user", question), ("assistant", half)],
        expected="the question and half the answer in the conversation",
        got=f"{said}",
        next_step="Store what was said in a finally, however the answer ended.",
    )


@check("L5.3", points=1, needs=("app_starts_without_model_key", "chat_answers"))
def test_chat_without_key_is_503(variants: Variants, user: User, model: Stage) -> None:
    """Without a key both ways to ask answer 503, in plain words."""
    step = "Raise ModelUnavailableError when openai_api_key is None."
    expect_failures(ask_both(variants.open("no_model_key"), user, "Hello"), 503, model, step)
