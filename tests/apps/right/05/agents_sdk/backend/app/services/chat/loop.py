"""Let the Agents SDK ask the model, use the tools, and ask again."""

from collections.abc import AsyncGenerator

from agents import (
    Agent,
    MaxTurnsExceeded,
    ModelSettings,
    RunConfig,
    RunItemStreamEvent,
    Runner,
    RunResultStreaming,
    ToolCallItem,
    ToolCallOutputItem,
)
from agents.exceptions import AgentsException
from agents.stream_events import StreamEvent
from openai.types.chat import ChatCompletionMessageParam
from openai.types.responses import ResponseTextDeltaEvent

from app.services.chat.agent_model import make_agent_model
from app.services.chat.agent_tools import Work, make_tools
from app.services.chat.chunks import clean
from app.services.chat.errors import ModelFailedError
from app.services.chat.events import Token, ToolStatus, ToolUse
from app.services.chat.model import Model
from app.services.chat.toolbox import Toolbox

STOPPED = "I stop here: this takes more steps than one answer may have."
SILENT = "The model gave an empty answer. Please try again."
# Traces go to OpenAI, whatever the base URL. A tool that does not exist is no reason to give up.
CONFIG = RunConfig(tracing_disabled=True, tool_not_found_behavior="return_error_to_model")


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
        self._work = Work(toolbox, steps_left=max_steps)
        self._model = make_agent_model(model, self._work)
        self._messages = messages
        self._max_turns = max_steps + 1  # one more, to say what came of the last round
        self._names: dict[str, str] = {}
        self._begins = False

    @property
    def tokens(self) -> int:
        """Return what it has cost so far."""
        return self._work.tokens

    async def run(self) -> AsyncGenerator[Token | ToolUse, None]:
        """Yield what happens, until the model has nothing more to do or its steps are used up."""
        result = self._start()
        try:
            async for event in result.stream_events():
                happened = self._translate(event)
                if happened:
                    yield happened
        except MaxTurnsExceeded:
            pass
        except AgentsException as error:
            raise ModelFailedError("The model could not answer. Please try again.") from error
        finally:
            result.cancel()
        if not self.text and not self._names:
            raise ModelFailedError(SILENT)
        if not self.text:
            yield self._say(STOPPED)

    def _start(self) -> RunResultStreaming:
        prompt, *said = self._messages
        agent = Agent[Work](
            name="Taskboard",
            instructions=str(prompt["content"]),
            model=self._model,
            tools=make_tools(),
            model_settings=ModelSettings(include_usage=True),
        )
        items = [{"role": message["role"], "content": message["content"]} for message in said]
        return Runner.run_streamed(
            agent,
            items,  # type: ignore[arg-type]  # a message of either protocol looks like this
            context=self._work,
            max_turns=self._max_turns,
            run_config=CONFIG,
        )

    def _translate(self, event: StreamEvent) -> Token | ToolUse | None:
        """Return our event for one of the SDK's, if there is one."""
        if event.type == "raw_response_event" and isinstance(event.data, ResponseTextDeltaEvent):
            return self._say(clean(event.data.delta)) if event.data.delta else None
        if not isinstance(event, RunItemStreamEvent):
            return None
        if isinstance(event.item, ToolCallItem):
            name = event.item.tool_name or ""
            self._names[event.item.call_id or ""] = name
            return ToolUse(name, ToolStatus.RUNNING)
        if isinstance(event.item, ToolCallOutputItem):
            return self._end_tool(event.item)
        return None

    def _end_tool(self, item: ToolCallOutputItem) -> ToolUse:
        self._begins = True  # what is said after tools begins a new paragraph
        call_id = item.call_id or ""
        is_done = call_id in self._work.done
        return ToolUse(
            self._names.get(call_id, ""), ToolStatus.COMPLETED if is_done else ToolStatus.FAILED
        )

    def _say(self, text: str) -> Token:
        if self._begins and self.text:
            text = f"\n\n{text}"
        self._begins = False
        self.text += text
        return Token(text)
