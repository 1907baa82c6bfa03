"""L5.6: the model is asked again after each round of tools, and not for ever."""

from checker.checks.chats import (
    ONCE,
    ask,
    expect_ending,
    expect_plain,
    hear,
    lengthen,
    read_conversation,
    read_stream,
    talk,
)
from checker.checks.declare import check
from checker.checks.expect import expect, expect_fields, expect_status, shorten
from checker.checks.fixtures import Variants
from checker.checks.steps import User, register_user
from checker.judge.inputs import Inputs
from checker.probes.backend import Backend
from checker.probes.model.script import Refuse, Text, call, say
from checker.probes.model.server import Stage
from checker.probes.postgres.stock import DatabaseStock

MADE = "SELECT title FROM task WHERE user_id = %s ORDER BY title"
DEFAULT_STEPS = 5


@check("L5.6", points=3, needs=("chat_changes_tasks",))
def test_each_call_has_its_result(
    backend: Backend, inputs: Inputs, model: Stage, databases: DatabaseStock
) -> None:
    """Several calls in one round are all followed, and each gets one result with its id."""
    user, word = register_user(backend, inputs), inputs.make_word()
    titles = sorted(inputs.make_title() for _ in range(3))
    calls = (*(call("create_task", title=title) for title in titles), call("drop_all"))
    script = model.play(word, calls, say("All done."))
    answer = ask(backend, user, word)
    expect_status(answer, 200, "Follow every call of the round, then ask again.")
    made = [title for (title,) in databases.query(MADE, user.id)]
    expect(
        made == titles,
        expected=f"three tasks: {titles}",
        got=f"{made}",
        next_step="Go through all of reply.calls.",
    )
    heard = hear(script, 2)
    ids = [result.call_id for result in heard.results]
    wanted = {f"call_0_{number}_test" for number in range(len(calls))}
    expect(
        set(ids) == wanted and len(ids) == len(wanted),
        expected=f"one result for each of {len(wanted)} calls, with its id",
        got=f"results for {ids}",
        next_step="Append one message of role tool with tool_call_id for each call.",
    )
    expect(
        not heard.orphans,
        expected="the model's own calls before their results, each with id, type, name, arguments",
        got=f"results of {shorten(', '.join(heard.orphans))}, and before them no such calls",
        next_step="Append the model's message with its tool_calls first: OpenAI answers 400 else.",
    )


@check("L5.6", points=2, needs=("each_call_has_its_result",))
def test_rounds_follow_each_other(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """After each round the model is asked again, with all that came before."""
    word, title = inputs.make_word(), inputs.make_title()
    script = model.play(
        word,
        (Text("I look. "), call("list_tasks")),
        (call("create_task", title=title),),
        say("It is done."),
    )
    answer = ask(backend, user, word)
    step = "Loop: ask, use the tools, ask again, until a reply has no calls."
    expect_status(answer, 200, step)
    reply = str(expect_fields(answer, ("reply",), step)["reply"])
    heard = hear(script, 3)
    expect(
        reply.rstrip().endswith("It is done.") and len(heard.results) == 2,
        expected="the words of the third call at the end, and both results before the model",
        got=f"{shorten(reply)}; {len(heard.results)} results",
        next_step=step,
    )


@check("L5.6", points=1, needs=("each_call_has_its_result", "conversation_is_kept"))
def test_results_are_no_messages(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """Of a question that took tools, what user and assistant said is kept, and no result."""
    word = inputs.make_word()
    model.play(word, (call("list_tasks"),), say("It is done."))
    said = read_conversation(backend, user, talk(backend, user, word))
    roles = [role for role, _ in said]
    expect(
        set(roles) == {"user", "assistant"}
        and said[0] == ("user", word)
        and said[-1][1].rstrip().endswith("It is done."),
        expected="messages of the roles user and assistant: the question first, the answer last",
        got=shorten(repr(said)),
        next_step="Store what was said. What tools gave back is of use in this answer only.",
    )


@check("L5.6", points=4, needs=("each_call_has_its_result",))
def test_endless_calls_end(variants: Variants, inputs: Inputs, model: Stage) -> None:
    """After CHAT_MAX_STEPS rounds of tools the answer so far is given, with 200."""
    backend = variants.open("chat_limits")
    user, word = register_user(backend, inputs), inputs.make_word()
    script = model.play(word, (Text("Once more. "), call("list_tasks")), tokens=1)
    answer = ask(backend, user, word)
    step = "Count the rounds, and leave the loop after settings.chat_max_steps of them."
    expect_status(answer, 200, step)
    reply = str(expect_fields(answer, ("reply",), step)["reply"])
    rounds = max((question.round for question in script.heard), default=0)
    expect(
        "Once more." in reply and rounds <= 2,
        expected="two rounds of tools, and what was said until then",
        got=f"{rounds} rounds; {shorten(reply)}",
        next_step=step,
    )


@check("L5.6", points=2, needs=("rounds_follow_each_other", "endless_calls_end"))
def test_five_rounds_unless_told(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """Without CHAT_MAX_STEPS there are five rounds, and the model is told of the fifth."""
    word = inputs.make_word()
    script = model.play(word, (call("list_tasks"),))
    ask(backend, user, word)
    told = max((question.round for question in script.heard), default=0)
    expect(
        told == DEFAULT_STEPS,
        expected="a model that asks for tools again and again to be told of five rounds",
        got=f"{told}",
        next_step="Let chat_max_steps be 5 by default, and call the model once more than that: "
        "after the last round it says what came of it.",
    )


@check("L5.6", points=2, needs=("endless_calls_end", "stream_has_its_events"))
def test_endless_stream_ends(variants: Variants, inputs: Inputs, model: Stage) -> None:
    """A stream ends at the same step, with done."""
    backend = variants.open("chat_limits")
    user, word = register_user(backend, inputs), inputs.make_word()
    script = model.play(word, (Text("Once more. "), call("list_tasks")), tokens=1)
    stream = read_stream(backend, user, word)
    rounds = max((question.round for question in script.heard), default=0)
    step = "Count the rounds in the loop that both routes use."
    expect_ending(stream, "done", step)
    expect(rounds <= 2, expected="two rounds of tools", got=f"{rounds} rounds", next_step=step)


@check("L5.6", points=2, needs=("each_call_has_its_result",))
def test_many_calls_are_no_crash(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """A hundred calls in one round do no harm: each that the model is reminded of has a result."""
    word = inputs.make_word()
    script = model.play(word, tuple(call("list_tasks") for _ in range(100)), say("Enough."))
    answer = ask(backend, user, word)
    expect_status(answer, 200, "Cut a long list of calls short, in the reminder too.")
    heard = hear(script, 2)
    reminded, results = len(heard.calls), len(heard.results)
    expect(
        reminded == results,
        expected="as many results as calls",
        got=f"{reminded} calls and {results} results",
        next_step="Give as_message the same calls that are followed.",
    )


@check("L5.6", points=1, needs=("each_call_has_its_result", "broken_answer_is_an_error_event"))
def test_failed_round_is_an_error_event(
    backend: Backend, inputs: Inputs, user: User, model: Stage
) -> None:
    """When the model fails after a tool was used, the stream ends with an event error."""
    word = inputs.make_word()
    model.play(word, (call("list_tasks"),), (Refuse(500, "server_error", ONCE),))
    stream = read_stream(backend, user, word)
    step = "Catch what is raised in the route too: the status has been sent."
    expect_plain(str(expect_ending(stream, "error", step)), model)


@check("L5.6", points=1, needs=("each_call_has_its_result", "budget_holds"))
def test_every_round_costs(variants: Variants, inputs: Inputs, model: Stage) -> None:
    """All calls of the model that one answer takes count, not the last one alone."""
    backend = variants.open("chat_limits")
    user, word = register_user(backend, inputs), inputs.make_word()
    model.play(word, (call("list_tasks"),), say("Done."), tokens=60)
    ask(backend, user, lengthen(word))
    step = "Add up what the calls cost: self.tokens += … after each."
    expect_status(ask(backend, user, word), 429, step)
