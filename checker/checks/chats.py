"""What many checks of the chatbot do: ask, follow an answer, look at what the model heard."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from checker.checks.expect import expect, expect_fields, expect_object, expect_status, shorten
from checker.checks.failure import CheckFailed
from checker.checks.steps import User
from checker.probes.backend import Backend
from checker.probes.http import Exchange, Request, make_request
from checker.probes.http_client import NoAnswerError
from checker.probes.model.question import Question
from checker.probes.model.script import PATIENCE, Script
from checker.probes.model.server import Stage
from checker.probes.stream import EventStream

CHAT, STREAM, CONVERSATIONS = "/api/chat", "/api/chat/stream", "/api/conversations"
INTERNALS = ("Traceback", "openai.", "httpx", "APIStatusError", "sqlalchemy", "test-only")
ONCE = {"x-should-retry": "false"}  # what a client of OpenAI takes for: do not try again
IN_WORDS = "Write the detail yourself: what the model or an exception says goes to nobody."


def make_question(
    user: User, message: object, conversation: str | None = None, path: str = CHAT
) -> Request:
    """Build a question."""
    body: dict[str, Any] = {"message": message}
    if conversation is not None:
        body["conversation_id"] = conversation
    return make_request("POST", path, json_body=body, token=user.token)


def lengthen(question: str) -> str:
    """Return a question that costs over 100 tokens however they are counted or guessed."""
    return f"{question} {'and so on ' * 48}".rstrip()


def ask(backend: Backend, user: User, message: object, conversation: str | None = None) -> Exchange:
    """Send a question, and wait for the whole answer."""
    return backend.send(make_question(user, message, conversation))


def talk(backend: Backend, user: User, message: str, conversation: str | None = None) -> str:
    """Ask a question that is answered, and return the conversation's id."""
    answer = ask(backend, user, message, conversation)
    expect_status(answer, 200, "Finish POST /api/chat first: ./course hint L5.4")
    return str(
        expect_fields(answer, ("conversation_id", "reply"), "Return both.")["conversation_id"]
    )


@contextmanager
def follow(
    backend: Backend, user: User, message: str, conversation: str | None = None
) -> Iterator[EventStream]:
    """Send a question, and read its answer as it comes.

    Raises:
        CheckFailed: the stream does not begin with 200.
    """
    patient = backend.with_patience(max(PATIENCE, backend.longest_silence))
    with patient.follow(make_question(user, message, conversation, STREAM)) as stream:
        if stream.status != 200:
            expect_status(stream.finish(), 200, "Finish POST /api/chat/stream: ./course hint L5.4")
        yield stream


def read_stream(
    backend: Backend, user: User, message: str, conversation: str | None = None
) -> EventStream:
    """Return an answer that was followed to its end."""
    with follow(backend, user, message, conversation) as stream:
        stream.read_all()
        return stream


def see_text(stream: EventStream, wanted: str, next_step: str) -> None:
    """Expect these words to come now; the model says nothing more meanwhile.

    Raises:
        CheckFailed: they do not.
    """
    got = "the end of the answer"
    try:
        if stream.read_until(lambda: wanted in stream.text):
            return
    except NoAnswerError as error:
        got = str(error)
    raise CheckFailed(
        expected=f"“{wanted}” to reach the client while the model waits before its next token",
        got=f"{got}; until then came {list_names(stream)}",
        next_step=next_step,
    )


def list_names(stream: EventStream) -> str:
    """Name the events that came."""
    names = [event.name for event in stream.events]
    return ", ".join(names[-8:]) or "no event"


def show_beginning(stream: EventStream) -> str:
    """Show the first events as they came."""
    first = [f"{event.name} with {event.data}" for event in stream.events[:3]]
    return shorten(", ".join(first)) or "no event"


def read_ending(stream: EventStream) -> dict[str, Any]:
    """Return the data of the last event."""
    return stream.events[-1].read_json() if stream.events else {}


def expect_ending(stream: EventStream, name: str, next_step: str) -> dict[str, Any]:
    """Expect the last event to have this name, and return its data."""
    expect(
        bool(stream.events) and stream.events[-1].name == name,
        expected=f"an event {name} at the end of the stream",
        got=list_names(stream),
        next_step=next_step,
    )
    return read_ending(stream)


def read_conversation(backend: Backend, user: User, conversation: str) -> list[tuple[str, str]]:
    """Return who said what in a conversation, as the app keeps it."""
    answer = backend.get(f"{CONVERSATIONS}/{conversation}", token=user.token)
    expect_status(answer, 200, "Finish GET /api/conversations/{id}: ./course hint L5.2")
    messages = expect_object(answer).get("messages")
    expect(
        isinstance(messages, list) and all(isinstance(m, dict) for m in messages),
        expected="messages, a list of objects",
        got=shorten(answer.text),
        next_step="Return the conversation with its messages.",
        answer=answer,
    )
    return [(str(m.get("role")), str(m.get("content"))) for m in messages or []]


def read_newest(backend: Backend, user: User) -> list[tuple[str, str]]:
    """Return who said what in the conversation that was used last, if there is one."""
    items = expect_items(backend.get(CONVERSATIONS, token=user.token))
    return read_conversation(backend, user, str(items[0].get("id"))) if items else []


def expect_items(answer: Exchange) -> list[dict[str, Any]]:
    """Expect a list of conversations, and return them."""
    expect_status(answer, 200, "Finish GET /api/conversations: ./course hint L5.2")
    items = expect_object(answer).get("items")
    if isinstance(items, list) and all(isinstance(item, dict) for item in items):
        return items
    raise CheckFailed(
        expected=f"{answer} to have items, a list of objects",
        got=shorten(answer.text),
        next_step="Return a ConversationList: items and total.",
        exchange=answer,
    )


def hear(script: Script, number: int = 1) -> Question:
    """Return what the model was asked at its nth call.

    Raises:
        CheckFailed: it was not asked so often.
    """
    if not script.wait_for_call(number):
        raise CheckFailed(
            expected=f"the model to be asked {number} times",
            got=f"{len(script.heard)} times",
            next_step="After a round of tools, ask the model again: ./course hint L5.6",
        )
    return script.heard[number - 1]


def expect_plain(text: str, model: Stage, answer: Exchange | None = None) -> None:
    """Expect words that give nothing away: no key, no address, nothing of the inside."""
    secrets = (model.key, f":{model.port}", "127.0.0.1", *INTERNALS)
    found = [word for word in secrets if word in text]
    expect(
        not found,
        expected="words without a key, an address or the inside of the app",
        got=f"{shorten(text)}, with “{found[0]}” in it" if found else "",
        next_step=IN_WORDS,
        answer=answer,
    )
