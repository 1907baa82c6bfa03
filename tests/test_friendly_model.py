"""The model that plays for people without a key, and when it is put in place."""

import io
import json

import pytest
from rich.console import Console

from checker.probes.model.friendly import HELP, NAME, choose_turn, count_tokens, cut
from checker.probes.model.question import CHAT, read_question
from checker.probes.model.script import Call, Text
from checker.probes.serving import choose_model


def ask(said, *results):
    messages = [{"role": "user", "content": said}]
    for number, result in enumerate(results):
        messages.append(
            {"role": "tool", "tool_call_id": f"call_{number}_0_test", "content": json.dumps(result)}
        )
    turn = choose_turn(read_question(CHAT, {}, {"messages": messages}))
    calls = [(piece.name, json.loads(piece.arguments)) for piece in turn if isinstance(piece, Call)]
    return calls or "".join(piece.text for piece in turn if isinstance(piece, Text))


@pytest.mark.parametrize(
    "said", ["Remind me to buy milk.", "Please add a task: buy milk", "add buy milk"]
)
def test_wish_becomes_a_task(said):
    assert ask(said) == [("create_task", {"title": "Buy milk"})]


def test_question_lists_tasks():
    assert ask("What is there to do?") == [("list_tasks", {})]


def test_results_are_told():
    assert "**Buy milk**" in ask("add x", {"task_id": "1", "title": "Buy milk"})
    listed = {"total": 2, "tasks": [{"title": "One"}, {"title": "Two"}]}
    assert ask("list", listed).endswith("- One\n- Two")
    assert ask("list", {"total": 0, "tasks": []}) == "There is nothing to do."


def test_all_else_gets_help():
    assert ask("Hello!") == HELP


def test_longer_conversation_costs_more():
    short = {"messages": [{"role": "user", "content": "Hello!"}]}
    long = {"messages": [*short["messages"] * 10]}
    costs = [count_tokens(read_question(CHAT, {}, body), ()) for body in (short, long)]
    assert costs[0] < costs[1]


@pytest.mark.parametrize(("most", "said"), [(2, "I am "), (None, HELP), ("2", HELP)])
def test_answer_is_as_long_as_it_may_be(most, said):
    turn = cut(choose_turn(read_question(CHAT, {}, {})), most)
    assert "".join(piece.text for piece in turn if isinstance(piece, Text)) == said


@pytest.fixture
def backend(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (tmp_path / "requirements.txt").write_text("fastapi\nopenai==3.54.0\n")
    return tmp_path


def choose(backend):
    told = io.StringIO()
    with choose_model(backend, Console(file=told)) as variables:
        return dict(variables), told.getvalue()


def test_without_key_the_script_plays(backend):
    variables, told = choose(backend)
    assert set(variables) == {"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"}
    assert variables["OPENAI_MODEL"] == NAME
    assert "no AI" in told


def test_with_key_it_does_not(backend):
    (backend / ".env").write_text("OPENAI_API_KEY=test-only\n")
    assert choose(backend) == ({}, "Model: OPENAI_API_KEY in backend/.env\n")


def test_app_without_model_gets_none(backend):
    (backend / "requirements.txt").write_text("fastapi\n")
    assert choose(backend) == ({}, "")
