"""Let Pydantic AI's agent ask the model, use the tools, and ask again."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from openai.types.chat import ChatCompletionMessageParam
from pydantic_ai import (
    Agent,
    AgentRetries,
    AgentRunResultEvent,
    AgentStreamEvent,
    FunctionToolCallEvent,
    FunctionToolResultEvent,
    ModelHTTPError,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ModelSettings,
    PartDeltaEvent,
    PartStartEvent,
    RunUsage,
    TextPart,
    TextPartDelta,
    UsageLimitExceeded,
    UsageLimits,
    UserPromptPart,
)
from pydantic_ai.exceptions import AgentRunError, ModelConnectionError

from app.services.chat.chunks import CHARACTERS_A_TOKEN, MOST_TOKENS, clean
from app.services.chat.errors import ModelFailedError, ModelUnavailableError
from app.services.chat.events import Token, ToolStatus, ToolUse
from app.services.chat.model import Model
from app.services.chat.toolbox import TOOLS, Toolbox

STOPPED = "I stop here: this takes more steps than one answer may have."
SILENT = "The model gave an empty answer. Please try again."
BROKEN = "The model could not answer. Please try again."

agent = Agent(deps_type=Toolbox, tools=TOOLS, retries=AgentRetries(tools=100, output=0))


class ToolLoop:
    """The way from one question to its answer.

    Attributes:
        text: What has been said so far.
    """

    def __init__(
        self,
        model: Model,
        toolbox: Toolbox,
        messages: list[ChatCompletionMessageParam],
        max_steps: int,
    ) -> None:
        self.text = ""
        self._model = model
        self._toolbox = toolbox
        self._messages = messages
        self._usage = RunUsage()
        self._begins = False
        toolbox.max_steps = max_steps

    @property
    def tokens(self) -> int:
        """Return what it has cost so far; a guess if it was said and nobody counted."""
        if self._usage.total_tokens or not self.text:
            return max(0, min(self._usage.total_tokens, MOST_TOKENS))
        asked = sum(len(str(message.get("content"))) for message in self._messages)
        return (asked + len(self.text)) // CHARACTERS_A_TOKEN

    async def run(self) -> AsyncGenerator[Token | ToolUse, None]:
        """Yield what happens, until the model has nothing more to do or its steps are used up.

        Raises:
            ChatError: the model cannot be reached, refuses, fails or says nothing.
        """
        prompt, *history, question = self._messages
        has_acted = False
        with explain_failures():
            try:
                async with agent.run_stream_events(
                    str(question["content"]),
                    model=self._model.chat,
                    instructions=str(prompt["content"]),
                    message_history=[as_message(one) for one in history],
                    deps=self._toolbox,
                    model_settings=ModelSettings(max_tokens=self._model.most_tokens),
                    usage=self._usage,
                    usage_limits=UsageLimits(request_limit=self._toolbox.max_steps + 1),
                ) as events:
                    async for event in events:
                        if happened := self._translate(event):
                            has_acted = True
                            yield happened
            except UsageLimitExceeded:
                pass
        if not has_acted:
            raise ModelFailedError(SILENT)
        if not self.text:
            yield self._say(STOPPED)

    def _translate(
        self, event: AgentStreamEvent | AgentRunResultEvent[str]
    ) -> Token | ToolUse | None:
        """Return our event for one of the agent's, if there is one."""
        match event:
            case PartStartEvent(part=TextPart(content=text)):
                self._begins = bool(self.text)
                return self._say(text) if text else None
            case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
                return self._say(text) if text else None
            case FunctionToolCallEvent(part=part):
                return ToolUse(clean(part.tool_name), ToolStatus.RUNNING)
            case FunctionToolResultEvent(part=part):
                is_good = part.outcome == "success"
                status = ToolStatus.COMPLETED if is_good else ToolStatus.FAILED
                return ToolUse(clean(part.tool_name), status)
        return None

    def _say(self, text: str) -> Token:
        text = clean(text)
        if self._begins:
            text = f"\n\n{text}"
        self._begins = False
        self.text += text
        return Token(text)


def as_message(message: ChatCompletionMessageParam) -> ModelMessage:
    """Return a message of the history as Pydantic AI has it."""
    text = str(message.get("content"))
    if message["role"] == "user":
        return ModelRequest(parts=[UserPromptPart(text)])
    return ModelResponse(parts=[TextPart(text)])


@contextmanager
def explain_failures() -> Iterator[None]:
    """Raise a ChatError in place of what Pydantic AI raises; its own text goes to nobody."""
    try:
        yield
    except ModelHTTPError as error:
        if error.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            wait = None if error.retry_after is None else max(1, round(error.retry_after))
            problem = "The model is too busy, or its allowance is used up. Please try again later."
            raise ModelUnavailableError(problem, wait) from error
        raise ModelFailedError(BROKEN) from error
    except (ModelConnectionError, TimeoutError) as error:
        raise ModelUnavailableError("The model does not answer. Please try again.") from error
    # What is no chunk gets far into the library before it is noticed.
    except (AgentRunError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise ModelFailedError(BROKEN) from error
