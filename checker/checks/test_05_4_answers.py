"""L5.4: questions are answered, all at once or as the words come, within a budget."""

import time
from contextlib import ExitStack

from checker.checks.chats import (
    CHAT,
    CONVERSATIONS,
    STREAM,
    ask,
    expect_ending,
    expect_plain,
    follow,
    hear,
    make_question,
    read_conversation,
    read_newest,
    read_stream,
    see_text,
    show_beginning,
)
from checker.checks.declare import check
from checker.checks.expect import (
    expect,
    expect_detail,
    expect_equal,
    expect_fields,
    expect_refused,
    expect_status,
    shorten,
)
from checker.checks.failure import CheckFailed
from checker.checks.fixtures import Changes, Variants
from checker.checks.steps import User, list_tasks, register_user
from checker.checks.values import is_uuid
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend, BrokenExchangeError
from checker.probes.http import make_request
from checker.probes.model.script import PATIENCE, Text, Wait, say
from checker.probes.model.server import NAME, Stage

AT_ONCE = 50
AS_IT_COMES = "Yield each event as soon as it is there, and collect nothing."
NOTHING_BLOCKS = (
    "Ask the model with AsyncOpenAI and await, ask the database in a thread, and hold no session "
    "while the model talks."
)


def list_variants() -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "chat_limits": {
            "CHAT_DAILY_TOKENS": "100",
            "CHAT_MAX_STEPS": "2",
            "CHAT_MAX_OUTPUT_TOKENS": "77",
        }
    }


@check("L5.4", points=3, needs=("me_answers_the_user",))
def test_chat_answers(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """POST /api/chat answers with the model's reply and the conversation's id."""
    word = inputs.make_word()
    script = model.play(word, say("You have ", "two ", "tasks."))
    answer = ask(backend, user, f"Hello {word}")
    step = "Add up the text of the tokens, and return a ChatReply."
    expect_status(answer, 200, step)
    body = expect_fields(answer, ("conversation_id", "reply"), step)
    expect_equal(answer, "reply", body["reply"], "You have two tasks.", step)
    expect(
        is_uuid(body["conversation_id"]),
        expected="conversation_id to be a UUID",
        got=shorten(answer.text),
        next_step="Return the id that Start brings.",
        answer=answer,
    )
    asked = hear(script)
    expect(
        asked.body.get("model") == NAME and asked.asked == f"Hello {word}",
        expected=f"the question to go to the model {NAME}, which OPENAI_MODEL names",
        got=f"{shorten(asked.asked)} to {asked.body.get('model')}",
        next_step="Send settings.openai_model as model=, and the question as the last message.",
    )


@check("L5.4", points=2, needs=("chat_answers",))
def test_chat_needs_a_token(backend: Backend, inputs: Inputs) -> None:
    """Every call of the chat without a token is 401."""
    name = inputs.make_id()
    step = "Depend on the current user in every route of the chat."
    for method, path in (
        ("POST", CHAT),
        ("POST", STREAM),
        ("GET", CONVERSATIONS),
        ("GET", f"{CONVERSATIONS}/{name}"),
        ("DELETE", f"{CONVERSATIONS}/{name}"),
    ):
        body = {"message": "Hello"} if method == "POST" else None
        expect_refused(backend.send(make_request(method, path, json_body=body)), step)


@check("L5.4", points=2, needs=("chat_answers",))
def test_bad_messages_are_422(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """A message that is empty, of spaces or over 4,000 characters is 422, and costs nothing."""
    word = inputs.make_word()
    script = model.play(word)
    step = "Bound the message in ChatRequest: strip_whitespace, min_length and max_length."
    for message in ("", "   ", word + "x" * 3991, None, 7):
        for path in (CHAT, STREAM):
            refused = backend.send(make_question(user, message, path=path))
            expect_status(refused, 422, step)
    expect(
        not script.heard,
        expected="no call of the model for a message that is refused",
        got=f"{len(script.heard)}",
        next_step=step,
    )
    expect_status(
        ask(backend, user, word + "é" * 3990), 200, "Take 4,000 characters; count no bytes."
    )


@check("L5.4", points=3, needs=("chat_answers",))
def test_chat_holds_nobody_up(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """While the model thinks, other requests are answered."""
    script = model.play(inputs.make_word(), (Wait(), Text("Well.")))
    with backend.begin(make_question(user, script.word)) as asked:
        hear(script)
        expect_answered(backend, user)
        script.release()
        expect_status(backend.finish(asked), 200, NOTHING_BLOCKS)


def expect_answered(backend: Backend, user: User) -> None:
    """Expect /health and a list of tasks to be answered now."""
    try:
        expect_status(backend.get("/health"), 200, NOTHING_BLOCKS)
        expect_status(list_tasks(backend, user), 200, NOTHING_BLOCKS)
    except BrokenExchangeError as error:
        raise CheckFailed(
            expected=f"{error.request.path} to be answered while the chatbot is busy",
            got=error.got,
            next_step=NOTHING_BLOCKS,
        ) from error


@check("L5.4", points=3, needs=("chat_answers",))
def test_stream_has_its_events(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """POST /api/chat/stream sends tokens, then done with the conversation's id."""
    word = inputs.make_word()
    model.play(word, say("Grüße, ", "line\nbreak ", "and “data: x”."))
    stream = read_stream(backend, user, word)
    kind = stream.headers.get("content-type", "")
    expect(
        kind.startswith("text/event-stream"),
        expected="Content-Type: text/event-stream",
        got=kind or "no such header",
        next_step="Answer with EventSourceResponse.",
    )
    expect(
        stream.text == "Grüße, line\nbreak and “data: x”.",
        expected="the model's words in events token, with data in JSON",
        got=shorten(stream.text) or f"no text; the stream began with {show_beginning(stream)}",
        next_step='Send each piece as event token with {"text": …}.',
    )
    conversation = expect_ending(stream, "done", "Send done when nothing was raised.")
    kept = read_conversation(backend, user, str(conversation.get("conversation_id")))
    expect(
        kept == [("user", word), ("assistant", stream.text)],
        expected="done to name the conversation that holds question and answer",
        got=shorten(repr(kept)),
        next_step="Store the answer before done is sent.",
    )


@check("L5.4", points=4, needs=("stream_has_its_events", "chat_holds_nobody_up"))
def test_tokens_leave_as_they_arrive(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """Each token reaches the client before the model says the next."""
    word, texts = inputs.make_word(), [f"{inputs.make_word()} " for _ in range(4)]
    script = model.play(word, tuple(p for text in texts for p in (Text(text), Wait())))
    with follow(backend, user, word) as stream:
        for text in texts:
            see_text(stream, text, AS_IT_COMES)
            script.release()
        stream.read_all()
    expect_ending(stream, "done", "Send done when nothing was raised.")


@check("L5.4", points=3, needs=("tokens_leave_as_they_arrive",))
def test_hang_up_ends_the_call(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """A client that leaves ends the call to the model, before the first word and after it."""
    step = "Close the stream of the model when the request ends: async with, and aclosing."
    early, late = inputs.make_word(), inputs.make_word()
    waiting, talking = model.play(early, (Wait(),)), model.play(late, (Text("Well, "), Wait()))
    with backend.begin(make_question(user, early, path=STREAM)):
        hear(waiting)
    expect(
        waiting.wait_for_hang_up(),
        expected="the call to the model to end when the client leaves before the first word",
        got="a call that goes on",
        next_step=step,
    )
    with follow(backend, user, late) as stream:
        see_text(stream, "Well, ", AS_IT_COMES)
    expect(
        talking.wait_for_hang_up(),
        expected="the call to the model to end when the client leaves in the middle",
        got="a call that goes on",
        next_step=step,
    )


@check("L5.4", points=2, needs=("hang_up_ends_the_call", "conversation_is_kept"))
def test_stopped_answer_is_kept(backend: Backend, inputs: Inputs, model: Stage) -> None:
    """What was said before the client left is kept."""
    user, word = register_user(backend, inputs), inputs.make_word()
    model.play(word, (Text("Half an "), Wait()))
    with follow(backend, user, word) as stream:
        see_text(stream, "Half an ", AS_IT_COMES)
    said: list[tuple[str, str]] = []
    deadline = time.monotonic() + PATIENCE
    while len(said) < 2 and time.monotonic() < deadline:  # it is stored once the call has ended
        said = read_newest(backend, user)
    expect(
        [(role, text.strip()) for role, text in said] == [("user", word), ("assistant", "Half an")],
        expected="the question and half the answer in the conversation",
        got=f"{said}",
        next_step="Store what was said in a finally, shielded from the cancellation.",
    )


@check("L5.4", points=3, needs=("tokens_leave_as_they_arrive",))
def test_fifty_streams_at_once(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """Fifty answers come at once, and other requests are answered meanwhile."""
    scripts = [
        model.play(inputs.make_word(), (Text("Well, "), Wait(), Text("so.")))
        for _ in range(AT_ONCE)
    ]
    patient = backend.with_patience(30)
    with ExitStack() as stack:
        begun = [
            stack.enter_context(patient.begin(make_question(user, script.word, path=STREAM)))
            for script in scripts
        ]
        all(script.wait_for_call() for script in scripts[::-1])  # the first in vain says enough
        heard = sum(bool(script.heard) for script in scripts)
        expect(
            heard == AT_ONCE,
            expected=f"the model to be asked {AT_ONCE} questions at once",
            got=f"{heard}, while the first answers are still coming",
            next_step=NOTHING_BLOCKS,
        )
        expect_answered(patient, user)
        for script in scripts:
            script.release()
        answers = [patient.finish(one) for one in begun]
    good = sum("event: done" in answer.text and "so." in answer.text for answer in answers)
    expect(
        good == AT_ONCE,
        expected=f"{AT_ONCE} answers that end with done",
        got=f"{good} of them; another is {shorten(answers[-1].text)}",
        next_step=NOTHING_BLOCKS,
    )


@check("L5.4", points=3, needs=("chat_answers",))
def test_budget_holds(variants: Variants, inputs: Inputs, model: Stage) -> None:
    """A user who has used CHAT_DAILY_TOKENS is answered 429; others are not."""
    backend = variants.open("chat_limits")
    spender, other, word = (
        register_user(backend, inputs),
        register_user(backend, inputs),
        inputs.make_word(),
    )
    script = model.play(word, tokens=120)
    step = "Add what each call costs to the user's row of today, and look at it before the next."
    expect_status(ask(backend, spender, word), 200, "Answer while the budget is not used up.")
    for path in (CHAT, STREAM):
        refused = backend.send(make_question(spender, word, path=path))
        expect_status(refused, 429, step)
        expect_detail(refused, 'Answer the 429 as JSON with "detail".')
        expect_plain(refused.text, model, refused)
    expect(
        len(script.heard) == 1,
        expected="no call of the model when the budget is spent",
        got=f"{len(script.heard) - 1}",
        next_step="Look at the budget before the model is asked.",
    )
    expect_status(ask(backend, other, word), 200, "Count each user's tokens apart.")


@check("L5.4", points=1, needs=("budget_holds", "stream_has_its_events"))
def test_streams_cost_too(variants: Variants, inputs: Inputs, model: Stage) -> None:
    """What a streamed answer costs counts too."""
    backend = variants.open("chat_limits")
    user, word = register_user(backend, inputs), inputs.make_word()
    model.play(word, tokens=120)
    read_stream(backend, user, word)
    step = 'Ask for it: stream_options={"include_usage": True}; the last chunk has usage.'
    expect_status(ask(backend, user, word), 429, step)


@check("L5.4", points=1, needs=("chat_answers",))
def test_answers_are_limited(variants: Variants, inputs: Inputs, model: Stage) -> None:
    """The model is told that an answer may have CHAT_MAX_OUTPUT_TOKENS tokens."""
    backend = variants.open("chat_limits")
    user, word = register_user(backend, inputs), inputs.make_word()
    script = model.play(word)
    ask(backend, user, word)
    told = hear(script).most_tokens
    expect(
        told == 77,
        expected="max_completion_tokens (or max_tokens, or max_output_tokens) to be 77",
        got=f"{told}",
        next_step="Send settings.chat_max_output_tokens with each call.",
    )
