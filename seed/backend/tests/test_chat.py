"""The chatbot, with a model that does what the test says."""

import json

import pytest

from app.services.chat.chunks import ToolCall


@pytest.fixture
def me(sign_up):
    return sign_up()


def test_chat_answers_and_keeps_the_conversation(client, me, turns):
    turns += ["Hello, Ada."]
    answer = client.post("/api/chat", json={"message": "Hello"}, headers=me).json()
    assert answer["reply"] == "Hello, Ada."
    kept = client.get(f"/api/conversations/{answer['conversation_id']}", headers=me).json()
    said = [(message["role"], message["content"]) for message in kept["messages"]]
    assert said == [("user", "Hello"), ("assistant", "Hello, Ada.")]


def test_chat_uses_a_tool_for_the_one_who_asks(client, me, turns):
    arguments = json.dumps({"title": "buy milk"})
    turns += [ToolCall("call_1", 0, "create_task", arguments), "Done."]
    client.post("/api/chat", json={"message": "I need milk"}, headers=me)
    tasks = client.get("/api/tasks", headers=me).json()
    assert [item["title"] for item in tasks["items"]] == ["buy milk"]


def test_stream_ends_with_done(client, me, turns):
    turns += ["Hello."]
    answer = client.post("/api/chat/stream", json={"message": "Hello"}, headers=me)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    events = [line[7:] for line in answer.text.splitlines() if line.startswith("event: ")]
    assert events == ["start", "token", "done"]


@pytest.mark.parametrize("message", ["", "x" * 4001])
def test_chat_refuses(client, me, message):
    answer = client.post("/api/chat", json={"message": message}, headers=me)
    assert answer.status_code == 422


def test_chat_without_a_model_says_so(client, me):
    answer = client.post("/api/chat", json={"message": "Hello"}, headers=me)
    assert answer.status_code == 503


def test_conversation_of_somebody_else_is_not_there(client, sign_up, me, turns):
    turns += ["Hello."]
    theirs = client.post("/api/chat", json={"message": "Hello"}, headers=me).json()
    path = f"/api/conversations/{theirs['conversation_id']}"
    assert client.get(path, headers=sign_up()).status_code == 404
