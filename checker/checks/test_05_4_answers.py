"""L5.4: questions are answered, within a budget."""

from checker.checks.chats import (
    CHAT,
    CONVERSATIONS,
    STREAM,
    ask,
    expect_plain,
    hear,
    lengthen,
    make_question,
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
from checker.checks.fixtures import Changes, Variants
from checker.checks.steps import User, register_user
from checker.checks.tokens import make_claims, sign
from checker.checks.values import is_uuid
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.http import make_request
from checker.probes.model.script import call, say
from checker.probes.model.server import NAME, Stage

HALF_SPENT = 20_000  # times three words: over half of the budget however tokens are guessed


def list_variants() -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "chat_limits": {
            "CHAT_DAILY_TOKENS": "100",
            "CHAT_MAX_STEPS": "2",
            "CHAT_MAX_OUTPUT_TOKENS": "77",
        },
        "chat_budget_unset": {"CHAT_DAILY_TOKENS": None},
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
def test_chat_needs_a_token(backend: Backend, inputs: Inputs, user: User) -> None:
    """Every call of the chat without a token, or with one of another key, is 401."""
    name = inputs.make_id()
    forged = sign(make_claims(user), inputs.make_secret())
    step = "Depend on the current user in every route of the chat, and verify what they send."
    for method, path in (
        ("POST", CHAT),
        ("POST", STREAM),
        ("GET", CONVERSATIONS),
        ("GET", f"{CONVERSATIONS}/{name}"),
        ("DELETE", f"{CONVERSATIONS}/{name}"),
    ):
        body = {"message": "Hello"} if method == "POST" else None
        for token in (None, forged):
            request = make_request(method, path, json_body=body, token=token)
            expect_refused(backend.send(request), step)


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
    expect_status(
        ask(backend, spender, lengthen(word)), 200, "Answer while the budget is not used up."
    )
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


@check("L5.4", points=1, needs=("budget_holds",))
def test_budget_has_its_default(variants: Variants, inputs: Inputs, model: Stage) -> None:
    """Where CHAT_DAILY_TOKENS is not set, a user may use 100,000 tokens a day."""
    backend = variants.open("chat_budget_unset")
    user, word = register_user(backend, inputs), inputs.make_word()
    model.play(word, say("and so on " * HALF_SPENT), tokens=3 * HALF_SPENT)
    step = (
        "Two answers of 60,000 tokens each are over the budget of a day: let chat_daily_tokens be "
        "100_000 by default."
    )
    for wanted in (200, 200, 429):
        expect_status(ask(backend, user, word), wanted, step)


@check("L5.4", points=1, needs=("chat_answers",))
def test_answers_are_limited(
    backend: Backend, variants: Variants, inputs: Inputs, model: Stage
) -> None:
    """Each call says how many tokens the answer may have: CHAT_MAX_OUTPUT_TOKENS, or 1024."""
    for asked, wanted in ((variants.open("chat_limits"), 77), (backend, 1024)):
        word = inputs.make_word()
        script = model.play(word, (call("list_tasks"),), say("Done."))
        for path in (CHAT, STREAM):
            asked.send(make_question(register_user(asked, inputs), word, path=path))
        hear(script)
        told = {question.most_tokens for question in script.heard}
        expect(
            told == {wanted},
            expected=f"max_completion_tokens (or max_tokens, or max_output_tokens) to be {wanted}",
            got=", ".join(sorted(map(str, told))),
            next_step="Send settings.chat_max_output_tokens, 1024 by default, with each call.",
        )
