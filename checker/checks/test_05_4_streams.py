"""L5.4: answers come word by word, to many at once, and hold nobody up."""

import time
from contextlib import ExitStack

from checker.checks.chats import (
    CHAT,
    STREAM,
    ask,
    expect_ending,
    follow,
    hear,
    lengthen,
    make_question,
    read_conversation,
    read_newest,
    read_stream,
    see_text,
    show_beginning,
)
from checker.checks.declare import check
from checker.checks.expect import expect, expect_status, shorten
from checker.checks.failure import CheckFailed
from checker.checks.fixtures import Variants
from checker.checks.steps import User, list_tasks, register_user
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend, BrokenExchangeError
from checker.probes.http import Exchange
from checker.probes.model.script import PATIENCE, Text, Wait, count_called, say
from checker.probes.model.server import Stage

AT_ONCE = 50
AS_IT_COMES = "Yield each event as soon as it is there, and collect nothing."
NOTHING_BLOCKS = (
    "Ask the model with AsyncOpenAI and await, ask the database in a thread, and hold no session "
    "while the model talks."
)


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
    answers = ask_at_once(backend, inputs, user, model, STREAM)
    good = sum("event: done" in answer.text and "so." in answer.text for answer in answers)
    expect(
        good == AT_ONCE,
        expected=f"{AT_ONCE} answers that end with done",
        got=f"{good} of them; another is {shorten(answers[-1].text)}",
        next_step=NOTHING_BLOCKS,
    )


@check("L5.4", points=1, needs=("fifty_streams_at_once",))
def test_fifty_answers_at_once(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """Fifty questions that want the whole answer are dealt with at once, too."""
    for answer in ask_at_once(backend, inputs, user, model, CHAT):
        expect_status(answer, 200, NOTHING_BLOCKS)


def ask_at_once(
    backend: Backend, inputs: Inputs, user: User, model: Stage, path: str
) -> list[Exchange]:
    """Ask fifty questions before the model answers one, look at other routes, return the answers.

    Raises:
        CheckFailed: not all of them reach the model, or other requests are not answered.
    """
    turn = (Text("Well, "), Wait(), Text("so."))
    scripts = [model.play(inputs.make_word(), turn) for _ in range(AT_ONCE)]
    patient = backend.with_patience(30)
    with ExitStack() as stack:
        begun = [
            stack.enter_context(patient.begin(make_question(user, script.word, path=path)))
            for script in scripts
        ]
        heard = count_called(scripts)
        expect(
            heard == AT_ONCE,
            expected=f"the model to be asked {AT_ONCE} questions of POST {path} at once",
            got=f"{heard}, while the first answers are still coming",
            next_step=NOTHING_BLOCKS,
        )
        expect_answered(patient, user)
        for script in scripts:
            script.release()
        return [patient.finish(one) for one in begun]


@check("L5.4", points=1, needs=("budget_holds", "stream_has_its_events"))
def test_streams_cost_too(variants: Variants, inputs: Inputs, model: Stage) -> None:
    """What a streamed answer costs counts too."""
    backend = variants.open("chat_limits")
    user, word = register_user(backend, inputs), inputs.make_word()
    model.play(word, tokens=120)
    read_stream(backend, user, lengthen(word))
    step = 'Ask for it: stream_options={"include_usage": True}; the last chunk has usage.'
    expect_status(ask(backend, user, word), 429, step)
