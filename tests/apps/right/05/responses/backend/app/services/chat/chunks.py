"""What a model says over Responses, checked: the SDK takes whatever a server sends, of any shape."""

from dataclasses import dataclass, field

from openai.types.chat import ChatCompletionAssistantMessageParam, ChatCompletionMessageParam
from openai.types.responses import ResponseStreamEvent
from pydantic import BaseModel, ConfigDict, Field

CHARACTERS_A_TOKEN = 4  # a rule of thumb, for servers that do not count
LONGEST_ANSWER = 1_000_000  # characters: a server that never ends is broken
MOST_TOKENS = 1_000_000_000  # so that no server's nonsense overflows a counter


def clean(text: str | None) -> str:
    """Return the text without what no database stores: NUL, and halves of a character."""
    return (text or "").replace("\x00", "").encode(errors="replace").decode()


class Part(BaseModel):
    """A shape that is read from the SDK's objects."""

    model_config = ConfigDict(from_attributes=True)


class TextDelta(Part):
    """A piece of text."""

    delta: str


class CallItem(Part):
    """A call of a tool, complete."""

    call_id: str
    name: str
    arguments: str


class Usage(Part):
    """What the call cost."""

    total_tokens: int = Field(ge=0)


class Done(Part):
    """The end of an answer."""

    usage: Usage | None = None


@dataclass
class ToolCall:
    """A tool that the model wants to use; the arguments are text that ought to be JSON."""

    id: str
    name: str = ""
    arguments: str = ""


@dataclass
class Reply:
    """All that came in one call of the model."""

    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    is_finished: bool = False
    counted_tokens: int | None = None

    def add(self, event: ResponseStreamEvent) -> str:
        """Take the next event and return the text in it.

        Raises:
            ValueError: it has not the shape of an event, or the answer failed or has no end.
        """
        kind = getattr(event, "type", None)
        if not isinstance(kind, str):
            raise ValueError("no event of Responses")
        if kind in {"response.output_text.delta", "response.refusal.delta"}:
            return self._add_text(clean(TextDelta.model_validate(event).delta))
        if kind == "response.output_item.done" and event.item.type == "function_call":
            item = CallItem.model_validate(event.item)
            self.calls.append(ToolCall(item.call_id, clean(item.name), clean(item.arguments)))
        elif kind in {"response.completed", "response.incomplete"}:
            self.is_finished = True
            if usage := Done.model_validate(event.response).usage:
                self.counted_tokens = min(usage.total_tokens, MOST_TOKENS)
        elif kind in {"response.failed", "error"}:
            raise ValueError("the model failed")
        return ""

    def _add_text(self, text: str) -> str:
        self.text += text
        if len(self.text) > LONGEST_ANSWER:
            raise ValueError("an answer without end")
        return text

    def count_tokens(self, messages: list[ChatCompletionMessageParam]) -> int:
        """Return what the call cost: nothing without an answer, a guess if nobody counted."""
        if self.counted_tokens is not None:
            return self.counted_tokens
        if not (self.text or self.calls):
            return 0
        asked = sum(len(str(message.get("content"))) for message in messages)
        return (asked + len(self.text)) // CHARACTERS_A_TOKEN

    def as_message(self, calls: list[ToolCall]) -> ChatCompletionAssistantMessageParam:
        """Return it as the loop keeps it; `model.py` makes items of it."""
        return {
            "role": "assistant",
            "content": self.text or None,
            "tool_calls": [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in calls
            ],
        }
