"""Decide what the model is told: the prompt, what was said before, the question."""

from datetime import UTC, datetime
from pathlib import Path

from openai.types.chat import ChatCompletionMessageParam

from app.models.conversation import Message, Role

PROMPT = Path(__file__).with_name("prompt.md").read_text(encoding="utf-8")
LONGEST_HISTORY = 24_000  # characters, about 6000 tokens: all of it is paid for with each call


def make_messages(history: list[Message], question: str) -> list[ChatCompletionMessageParam]:
    """Return what is sent to the model, oldest first."""
    today = datetime.now(UTC).date().isoformat()
    return [
        {"role": "system", "content": f"{PROMPT}\nToday is {today} (UTC)."},
        *map(as_param, trim(history)),
        {"role": "user", "content": question},
    ]


def trim(history: list[Message]) -> list[Message]:
    """Return the newest messages that fit into LONGEST_HISTORY, beginning with a question."""
    kept: list[Message] = []
    room = LONGEST_HISTORY
    for message in reversed(history):
        room -= len(message.content)
        if room < 0:
            break
        kept.insert(0, message)
    while kept and kept[0].role != Role.USER:
        kept.pop(0)
    return kept


def as_param(message: Message) -> ChatCompletionMessageParam:
    """Return a message as the model reads it."""
    if message.role == Role.USER:
        return {"role": "user", "content": message.content}
    return {"role": "assistant", "content": message.content}
