"""The model server, as the real client of OpenAI meets it in both protocols."""

import asyncio
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from model_talks import TalkingClient

from checker.paths import CoursePaths
from checker.probes.environment import choose_environment
from checker.probes.model.question import CHAT, RESPONSES, Question, read_question
from checker.probes.model.script import (
    Call,
    Cut,
    EndEarly,
    Raw,
    Refuse,
    Script,
    Text,
    Wait,
    call,
    count_called,
    say,
)
from checker.probes.model.server import KEY, ModelServer

ROOT = Path(__file__).resolve().parent.parent
PATHS = CoursePaths(root=ROOT, workspace=ROOT / "workspace", cache=ROOT / ".cache")
ONCE = {"x-should-retry": "false"}
BOTH = pytest.mark.parametrize("protocol", ["chat", "responses"])
STREAMED = pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])


@pytest.fixture(scope="module")
def python() -> Path:
    """The interpreter of the solution's environment, which has the client."""
    solution = max((ROOT / "solutions").iterdir())
    return choose_environment(solution / "backend" / "requirements.txt", PATHS).python


@pytest.fixture(scope="module")
def client(python) -> Iterator[TalkingClient]:
    with TalkingClient(python) as client:
        yield client


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as model:
        yield model


@pytest.fixture
def begin(model, client):
    """Begin a conversation."""

    def run(protocol, question, *, stream=True, key=KEY, results=()):
        return client.begin(
            url=model.url,
            key=key,
            protocol=protocol,
            question=question,
            stream=stream,
            results=results,
        )

    return run


@pytest.fixture
def ask(begin):
    """Have a whole conversation, and return what came as a list of lists."""

    def run(*args, **kwargs):
        return begin(*args, **kwargs).hear_all()

    return run


@BOTH
@STREAMED
def test_answer_arrives(model, ask, protocol, stream):
    script = model.play("plum", say("Two ", "plums."), tokens=21)
    said = ask(protocol, "How many plum?", stream=stream)
    assert "".join(text for kind, text in said if kind == "text") == "Two plums."
    assert ["tokens", 21] in said
    assert script.heard[0].asked == "How many plum?"
    assert script.heard[0].prompt == "Be brief."
    assert script.heard[0].most_tokens == 99
    assert not script.heard[0].has_hung_up


@BOTH
@STREAMED
def test_calls_arrive_and_results_are_heard(model, ask, protocol, stream):
    broken = Call("create_task", '{"title": "Bu')
    script = model.play("plum", (call("list_tasks", status="pending"), broken), say("Done."))
    said = ask(protocol, "plum", stream=stream, results=["[]", "no JSON"])
    assert ["call", ["list_tasks", '{"status": "pending"}']] in said
    assert ["call", ["create_task", '{"title": "Bu']] in said
    assert said[-2][1] == "Done."
    assert [said.text for said in script.heard[1].results] == ["[]", "no JSON"]
    assert [question.round for question in script.heard] == [0, 1]
    assert len(script.heard[1].calls) == 2
    assert script.heard[1].orphans == []
    assert set(script.heard[0].tools) == {"list_tasks"}


ASKED = {"id": "call_1", "type": "function", "function": {"name": "list_tasks", "arguments": "{}"}}
UNREAD = {"function": {"name": "list_tasks", "arguments": {}}}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "[]"}
ITEM = {"type": "function_call", "call_id": "call_1", "name": "list_tasks", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "[]"}


@pytest.mark.parametrize(
    ("path", "said", "orphans"),
    [
        (CHAT, [{"role": "assistant", "tool_calls": [ASKED]}, RESULT], []),
        (CHAT, [RESULT], ["call_1"]),
        (CHAT, [{"role": "assistant", "content": "I look."}, RESULT], ["call_1"]),
        (CHAT, [RESULT, {"role": "assistant", "tool_calls": [ASKED]}], ["call_1"]),
        (CHAT, [{"role": "assistant", "tool_calls": [ASKED | {"type": None}]}, RESULT], ["call_1"]),
        (CHAT, [{"role": "assistant", "tool_calls": [ASKED | {"id": "x"}]}, RESULT], ["call_1"]),
        (CHAT, [{"role": "assistant", "tool_calls": [ASKED | UNREAD]}, RESULT], ["call_1"]),
        (CHAT, [{"role": "assistant", "tool_calls": ["call_1"]}, RESULT], ["call_1"]),
        (CHAT, [{"role": "assistant", "tool_calls": "call_1"}, RESULT], ["call_1"]),
        (RESPONSES, [ITEM, OUTPUT], []),
        (RESPONSES, [OUTPUT], ["call_1"]),
        (RESPONSES, [{"type": "function_call", "call_id": "call_1"}, OUTPUT], ["call_1"]),
    ],
)
def test_results_without_their_calls_are_orphans(path, said, orphans):
    asked = {"role": "user", "content": "plum"}
    name = "messages" if path == CHAT else "input"
    assert read_question(path, {}, {name: [asked, *said]}).orphans == orphans


FUNCTION = {"name": "list_tasks", "parameters": {"type": "object"}}


@pytest.mark.parametrize(
    ("path", "tool", "is_offered"),
    [
        (CHAT, {"type": "function", "function": FUNCTION}, True),
        (CHAT, {"type": "function", **FUNCTION}, False),
        (CHAT, {"function": FUNCTION}, False),
        (RESPONSES, {"type": "function", **FUNCTION}, True),
        (RESPONSES, {"type": "function", "function": FUNCTION}, False),
        (RESPONSES, {"type": "web_search"}, False),
        (CHAT, {"type": "function", "function": "list_tasks"}, False),
        (CHAT, "list_tasks", False),
        (CHAT, {"type": "function", "function": FUNCTION | {"parameters": {}}}, False),
        (CHAT, {"type": "function", "function": FUNCTION | {"parameters": "none"}}, False),
    ],
)
def test_tool_is_offered_in_the_form_of_its_protocol(path, tool, is_offered):
    question = read_question(path, {}, {"tools": [tool]})
    assert question.tools == ({"list_tasks": {"type": "object"}} if is_offered else {})
    assert question.has_odd_tools == (not is_offered)


@pytest.mark.parametrize(
    "body",
    [
        {"messages": "plum", "tools": {"list_tasks": FUNCTION}},
        {"messages": ["plum", {"role": "user", "content": 7, "tool_calls": {}}], "tools": "all"},
    ],
)
def test_odd_questions_are_read_all_the_same(body):
    question = read_question(CHAT, {}, body)
    assert (question.asked, question.tools, question.orphans) == ("", {}, [])
    assert question.has_odd_tools


@BOTH
def test_tokens_wait_for_release(model, begin, protocol):
    script = model.play("plum", (Text("one"), Wait(), Text("two")))
    talk = begin(protocol, "plum")
    assert talk.hear() == ["text", "one"]
    script.release()
    assert talk.hear() == ["text", "two"]


@BOTH
def test_hang_up_is_seen(model, begin, protocol):
    script = model.play("plum", (Text("one"), Wait()))
    talk = begin(protocol, "plum")
    talk.hear()
    assert not script.heard[0].is_over
    talk.leave()
    assert script.wait_for_hang_up()


@BOTH
def test_hang_up_before_the_first_word_is_seen(model, begin, protocol):
    script = model.play("plum", (Wait(),))
    talk = begin(protocol, "plum")
    assert script.wait_for_call()
    talk.leave()
    assert script.wait_for_hang_up()


@BOTH
@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (
            Refuse(429, "rate_limit_exceeded", {"retry-after": "17", **ONCE}),
            ["RateLimitError", "rate_limit_exceeded", "17"],
        ),
        (Refuse(429, "insufficient_quota", ONCE), ["RateLimitError", "insufficient_quota", None]),
        (Refuse(500, "server_error", ONCE), ["InternalServerError", "server_error", None]),
        (Refuse(404, "model_not_found"), ["NotFoundError", "model_not_found", None]),
    ],
    ids=["busy", "quota", "broken", "unknown"],
)
def test_refusals_are_what_the_client_knows(model, ask, protocol, refusal, told):
    model.play("plum", (refusal,))
    assert ask(protocol, "plum") == [["error", told]]


@BOTH
def test_wrong_key_is_refused(ask, protocol):
    said = ask(protocol, "plum", key="test-only-other")
    assert said == [["error", ["AuthenticationError", "invalid_api_key", None]]]


@BOTH
def test_cut_and_early_end_are_no_whole_answers(model, ask, protocol):
    model.play("plum", (Text("half"), Cut()))
    model.play("fig", (Text("half"), EndEarly()))
    cut, early = ask(protocol, "plum"), ask(protocol, "fig")
    assert cut[0] == early[0] == ["text", "half"]
    assert cut[1][0] == "error"
    assert all(kind == "text" for kind, _ in early)


@BOTH
def test_nonsense_is_sent_as_it_stands(model, ask, protocol):
    model.play("plum", (Raw(b"<html>", "text/html"),))
    assert all(kind not in {"text", "tokens"} for kind, _ in ask(protocol, "plum"))


@BOTH
def test_long_answer_arrives_whole(model, ask, protocol):
    model.play("plum", say(*["x" * 1000] * 200))
    said = ask(protocol, "plum")
    assert sum(len(text) for kind, text in said if kind == "text") == 200_000


def test_many_conversations_go_on_at_once(model, begin):
    scripts = [model.play(f"plum{n:02}", (Wait(), Text(f"{n}"))) for n in range(3)]
    talks = [begin("chat", f"plum{n:02}") for n in range(3)]
    assert all(script.wait_for_call() for script in scripts)
    for script, talk in reversed(list(zip(scripts, talks, strict=True))):
        script.release()
        assert talk.hear() == ["text", script.word[-1]]


def play_calls(monkeypatch, called):
    """Ask for so many of six scripts, one each half second, where the patience is 2 s."""
    monkeypatch.setattr("checker.probes.model.script.PATIENCE", 2.0)
    loop = asyncio.new_event_loop()
    scripts = [Script(f"plum{n}", (say("Well."),), 1, loop) for n in range(6)]
    loop.close()
    question = Question("/chat/completions", {}, {}, (), {})

    def ask():
        for script in scripts[:called]:
            time.sleep(0.5)
            script.note(question)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(ask)
        return count_called(scripts)


def test_calls_that_come_slowly_are_all_counted(monkeypatch):
    assert play_calls(monkeypatch, 6) == 6


def test_calls_that_stop_coming_are_not_waited_for(monkeypatch):
    assert play_calls(monkeypatch, 4) == 4


def test_unscripted_question_has_an_answer(ask):
    assert ask("chat", "anything")[0][0] == "text"


def test_nobody_listens_at_the_refusing_address(model):
    address = urlsplit(model.refusing_url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port), timeout=5)
