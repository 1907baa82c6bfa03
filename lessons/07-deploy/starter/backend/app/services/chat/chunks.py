"""What a model says, checked: the SDK takes whatever a server sends, of any shape."""

from dataclasses import dataclass, field

from openai.types.chat import (
    ChatCompletionAssistantMessageParam,
    ChatCompletionChunk,
    ChatCompletionMessageParam,
)
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


class FunctionPart(Part):
    """A piece of what a tool is to be called with."""

    name: str | None = None
    arguments: str | None = None


class CallPart(Part):
    """A piece of a call of a tool; several calls may come interleaved, told apart by `index`."""

    index: int | None = None
    id: str | None = None
    function: FunctionPart | None = None


class Delta(Part):
    """What is new in this chunk."""

    content: str | None = None
    refusal: str | None = None
    tool_calls: list[CallPart] | None = None


class Choice(Part):
    """The only answer that we ask for."""

    delta: Delta
    finish_reason: str | None = None


class TokenCount(Part):
    """What the call cost."""

    total_tokens: int = Field(ge=0)


class Chunk(Part):
    """One event of the model's stream."""

    choices: list[Choice] | None = None
    usage: TokenCount | None = None


@dataclass
class ToolCall:
    """A tool that the model wants to use; the arguments are text that ought to be JSON."""

    id: str
    index: int | None = None
    name: str = ""
    arguments: str = ""


@dataclass
class Reply:
    """All that came in one call of the model."""

    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    is_finished: bool = False
    counted_tokens: int | None = None

    def add(self, raw: ChatCompletionChunk) -> str:
        """Take the next chunk and return the text in it.

        Raises:
            ValueError: it has not the shape of a chunk, or the answer has no end.
        """
        chunk = Chunk.model_validate(raw)
        if chunk.usage:
            self.counted_tokens = min(chunk.usage.total_tokens, MOST_TOKENS)
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        self.is_finished = self.is_finished or choice.finish_reason is not None
        for part in choice.delta.tool_calls or []:
            self._add_call(part)
        text = clean(choice.delta.content or choice.delta.refusal)
        self.text += text
        if len(self.text) > LONGEST_ANSWER:
            raise ValueError("an answer without end")
        return text

    def _add_call(self, part: CallPart) -> None:
        same = [call for call in self.calls if call.index == part.index]
        if not same or (part.id and part.id != same[-1].id):
            self.calls.append(ToolCall(part.id or f"call_{len(self.calls)}", part.index))
            same = self.calls[-1:]
        if part.function:
            same[-1].name += clean(part.function.name)
            same[-1].arguments += clean(part.function.arguments)

    def count_tokens(self, messages: list[ChatCompletionMessageParam]) -> int:
        """Return what the call cost: nothing without an answer, a guess if nobody counted."""
        if self.counted_tokens is not None:
            return self.counted_tokens
        if not (self.text or self.calls):
            return 0
        asked = sum(len(str(message.get("content"))) for message in messages)
        return (asked + len(self.text)) // CHARACTERS_A_TOKEN

    def as_message(self, calls: list[ToolCall]) -> ChatCompletionAssistantMessageParam:
        """Return it as the model wants to be reminded of it, with these of its calls."""
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
