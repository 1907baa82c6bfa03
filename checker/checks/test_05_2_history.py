"""L5.2: what was said is kept for its user, and sent to the model again."""

from checker.checks.chats import (
    CHAT,
    CONVERSATIONS,
    STREAM,
    expect_items,
    hear,
    make_question,
    read_conversation,
    talk,
)
from checker.checks.declare import check
from checker.checks.expect import (
    expect,
    expect_detail,
    expect_fields,
    expect_object,
    expect_status,
    shorten,
)
from checker.checks.fixtures import Variants
from checker.checks.steps import User, register_user
from checker.checks.values import is_now, is_uuid
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.http import make_request
from checker.probes.model.question import Said
from checker.probes.model.script import say
from checker.probes.model.server import Stage
from checker.probes.postgres.stock import DatabaseStock

LONGEST_HISTORY = 24_000
ANSWERED = ("chat_answers",)


@check("L5.2", points=3, needs=ANSWERED)
def test_conversation_is_kept(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """GET /api/conversations/{id} answers what was said, in order."""
    first, second = inputs.make_word(), inputs.make_word()
    model.play(first, say("One ", "answer."))
    model.play(second, say("Another."))
    conversation = talk(backend, user, f"Hello {first}")
    talk(backend, user, f"And {second}", conversation)
    said = read_conversation(backend, user, conversation)
    expect(
        said
        == [
            ("user", f"Hello {first}"),
            ("assistant", "One answer."),
            ("user", f"And {second}"),
            ("assistant", "Another."),
        ],
        expected="both questions and both answers, oldest first",
        got=shorten(repr(said)),
        next_step="Store question and answer, and order messages by created_at.",
    )
    answer = backend.get(f"{CONVERSATIONS}/{conversation}", token=user.token)
    body = expect_fields(
        answer, ("id", "title", "created_at", "messages"), "Return a ConversationDetail."
    )
    expect(
        body["id"] == conversation
        and is_now(body["created_at"])
        and all(is_uuid(m.get("id")) and is_now(m.get("created_at")) for m in body["messages"]),
        expected="ids that are UUIDs, and times in UTC with their offset",
        got=shorten(answer.text),
        next_step="Give each message an id and created_at, as a task has them.",
        answer=answer,
    )


@check("L5.2", points=2, needs=("conversation_is_kept",))
def test_conversations_are_last_used_first(backend: Backend, inputs: Inputs, model: Stage) -> None:
    """GET /api/conversations lists the user's own, last used first, with their total."""
    user, word = register_user(backend, inputs), inputs.make_word()
    model.play(word)
    ids = [talk(backend, user, f"{word} {number}") for number in range(3)]
    talk(backend, user, f"{word} again", ids[1])
    answer = backend.get(CONVERSATIONS, token=user.token)
    items, total = expect_items(answer), expect_object(answer).get("total")
    names = dict(zip(ids, ("the first", "the second", "the third"), strict=True))
    order = [names.get(str(item.get("id")), "another one") for item in items]
    expect(
        order == ["the second", "the third", "the first"] and total == 3,
        expected="of three conversations the second on top, which was used last, and total 3",
        got=f"{', '.join(order) or 'none'}; total {total}",
        next_step="Set updated_at when something is said, and order by it, descending.",
        answer=answer,
    )
    expect(
        all(
            is_uuid(item.get("id"))
            and isinstance(item.get("title"), str)
            and is_now(item.get("created_at"))
            and is_now(item.get("updated_at"))
            for item in items
        ),
        expected="items with id, a UUID, title, created_at and updated_at, in UTC with the offset",
        got=shorten(answer.text),
        next_step="Return ConversationPublic for each.",
        answer=answer,
    )


@check("L5.2", points=3, needs=("conversation_is_kept",))
def test_conversations_are_private(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """Another user's conversation is 404 to read, to delete and to go on with."""
    word, other = inputs.make_word(), register_user(backend, inputs)
    script = model.play(word)
    conversation = talk(backend, user, f"My {word}")
    asked = len(script.heard)
    step = "Select by the id and by the user in ConversationStore.find."
    for name in (conversation, inputs.make_id()):
        for method in ("GET", "DELETE"):
            path = f"{CONVERSATIONS}/{name}"
            refused = backend.request(method, path, token=other.token)
            expect_status(refused, 404, step)
            expect_detail(refused, "Answer the 404 as JSON with detail.")
        for path in (CHAT, STREAM):
            expect_status(backend.send(make_question(other, f"More {word}", name, path)), 404, step)
    listed = backend.get(CONVERSATIONS, token=other.token)
    expect(
        conversation not in listed.text and len(script.heard) == asked,
        expected="neither the list nor the model to know of another user's conversation",
        got=shorten(listed.text) if conversation in listed.text else "a call of the model",
        next_step=step,
        answer=listed,
    )
    expect_status(backend.get(f"{CONVERSATIONS}/{conversation}", token=user.token), 200, step)


@check("L5.2", points=1, needs=("conversations_are_private",))
def test_odd_conversation_ids(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """A conversation's id that is no UUID is 404 or 422 wherever it stands."""
    word = inputs.make_word()
    model.play(word)
    requests = [
        make_request(method, f"{CONVERSATIONS}/{name}", token=user.token)
        for name in (word, f"{word}{'0' * 64}")
        for method in ("GET", "DELETE")
    ]
    requests += [make_question(user, word, word, path) for path in (CHAT, STREAM)]
    for request in requests:
        answer = backend.send(request)
        expect_status(answer, (404, 422), "Declare the id as UUID: what is none is 422.")


@check("L5.2", points=2, needs=("conversation_is_kept",))
def test_conversation_can_be_deleted(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """DELETE /api/conversations/{id} answers 204, and it is gone."""
    word = inputs.make_word()
    model.play(word)
    path = f"{CONVERSATIONS}/{talk(backend, user, word)}"
    step = "Delete the conversation; ondelete CASCADE takes its messages along."
    expect_status(backend.request("DELETE", path, token=user.token), 204, step)
    expect_status(backend.get(path, token=user.token), 404, step)


@check("L5.2", points=3, needs=("conversation_is_kept",))
def test_history_is_sent(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """The model is told what was said before in this conversation, and in no other."""
    first, second, other = (inputs.make_word() for _ in range(3))
    model.play(first, say("The first answer."))
    model.play(other, say("Elsewhere."))
    script = model.play(second)
    conversation = talk(backend, user, f"Remember {first}")
    talk(backend, user, f"Not this {other}")
    talk(backend, user, f"And now {second}", conversation)
    heard = hear(script)
    said = [("user", f"Remember {first}"), ("assistant", "The first answer.")]
    before = [(one.role, one.text) for one in heard.history]
    told = [one for one in before if one in said]  # an app may say more of its own
    expect(
        told == said,
        expected="the model to hear the first question and its answer before the second",
        got=f"before it: {shorten(repr(before))}",
        next_step="Read the conversation's messages, and put them before the question.",
    )
    strange = [one.text for one in heard.said if other in one.text or "Elsewhere." in one.text]
    expect(
        not strange,
        expected="the model to hear nothing of another conversation",
        got=shorten(strange[0]) if strange else "",
        next_step="Read the messages of this conversation only.",
    )


@check("L5.2", points=2, needs=("history_is_sent",))
def test_history_is_trimmed(backend: Backend, inputs: Inputs, user: User, model: Stage) -> None:
    """Of a long conversation the model is told the newest, 24,000 characters at most."""
    words = [inputs.make_word() for _ in range(5)]
    conversation: str | None = None
    for word in words[:4]:
        model.play(word, say("x" * 5000))
        conversation = talk(backend, user, f"{word} {'y' * 3900}", conversation)
    script = model.play(words[4])
    talk(backend, user, words[4], conversation)
    history = hear(script).history
    expect_newest(history, words)


def expect_newest(history: list[Said], words: list[str]) -> None:
    """Expect what fits of four long exchanges, the last one among it."""
    told = "".join(said.text for said in history)
    expect(
        len(told) <= LONGEST_HISTORY,
        expected=f"{LONGEST_HISTORY} characters of history at most",
        got=f"{len(told)} characters",
        next_step="Keep the newest messages that fit: trim in history.py.",
    )
    expect(
        words[3] in told and words[0] not in told,
        expected="the newest of four exchanges to be told, and the oldest to be left out",
        got="the oldest among what is told" if words[0] in told else "a history without the newest",
        next_step="Begin at the end: reversed(history).",
    )


@check("L5.2", points=2, needs=("conversation_is_kept", "app_starts_without_model_key"))
def test_history_is_in_the_database(
    backend: Backend, inputs: Inputs, user: User, model: Stage, variants: Variants
) -> None:
    """Another process of the app knows the conversation: it is in PostgreSQL."""
    word = inputs.make_word()
    model.play(word, say("Kept."))
    conversation = talk(backend, user, word)
    said = read_conversation(variants.open("no_model_key"), user, conversation)
    expect(
        said == [("user", word), ("assistant", "Kept.")],
        expected="the conversation as it was",
        got=shorten(repr(said)),
        next_step="Store messages in the table message, not in the process.",
    )


@check("L5.2", points=2, needs=("conversation_is_kept",))
def test_user_takes_conversations_along(
    backend: Backend, inputs: Inputs, model: Stage, databases: DatabaseStock
) -> None:
    """Deleting a user in the database takes their conversations and messages along."""
    user, word = register_user(backend, inputs), inputs.make_word()
    model.play(word)
    conversation = talk(backend, user, word)
    reason = databases.try_query('DELETE FROM "user" WHERE id = %s', user.id)
    # What the columns of a message are called, no text says: the row as text holds its words.
    left = databases.query("SELECT id FROM conversation WHERE id = %s", conversation)
    messages = databases.query("SELECT 1 FROM message AS m WHERE position(%s IN m::text) > 0", word)
    expect(
        not reason and not left and not messages,
        expected="the user, the conversation and its messages gone",
        got=reason or f"{len(left)} conversations and {len(messages)} messages left",
        next_step='Declare both foreign keys with ondelete="CASCADE", and migrate.',
    )
