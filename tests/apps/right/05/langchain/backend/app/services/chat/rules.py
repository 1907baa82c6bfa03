"""Hold LangChain's agent to the rules of lesson 5."""

from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ModelRequest,
    ModelResponse,
    ToolCallRequest,
    hook_config,
)
from langchain.messages import AIMessage, ToolCall, ToolMessage
from langchain_core.messages import BaseMessage
from langgraph.runtime import Runtime
from langgraph.types import Command
from pydantic import ValidationError

from app.services.chat.chunks import clean
from app.services.chat.events import ToolStatus, ToolUse
from app.services.tasks import TaskNotFoundError


class Rules(AgentMiddleware[AgentState[Any], None, Any]):
    """Report the tools, refuse bad calls of them, and stop after so many rounds.

    Attributes:
        has_stopped: Whether a round was one too many.
    """

    def __init__(self, max_steps: int) -> None:
        super().__init__()
        self.has_stopped = False
        self._steps_left = max_steps

    async def awrap_model_call(
        self,
        request: ModelRequest[None],
        handler: Callable[[ModelRequest[None]], Awaitable[ModelResponse[Any]]],
    ) -> AIMessage:
        """Ask the model, and follow calls that are no JSON, too: an agent would ignore them."""
        response = await handler(request)
        return repair_calls(response.result[-1])

    @hook_config(can_jump_to=["end"])
    async def aafter_model(
        self, state: AgentState[Any], runtime: Runtime[None]
    ) -> dict[str, Any] | None:
        """Count the rounds of tools. One too many is not followed."""
        message = state["messages"][-1]
        if isinstance(message, AIMessage) and message.tool_calls:
            self._steps_left -= 1
            self.has_stopped = self._steps_left < 0
        return {"jump_to": "end"} if self.has_stopped else None

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        """Use a tool and report it. What the model did wrong goes back to it as the result."""
        call, report = request.tool_call, request.runtime.stream_writer
        name = clean(call["name"])
        report(ToolUse(name, ToolStatus.RUNNING))
        try:
            result = await handler(request)
        except TaskNotFoundError:
            result = refuse(call["id"], "There is no such task.")
        except ValidationError as error:
            result = refuse(call["id"], f"The arguments are wrong. {error}")
        is_failed = isinstance(result, ToolMessage) and result.status == "error"
        report(ToolUse(name, ToolStatus.FAILED if is_failed else ToolStatus.COMPLETED))
        return result


def repair_calls(message: BaseMessage) -> AIMessage:
    """Make calls without arguments of those whose arguments are no JSON."""
    if not isinstance(message, AIMessage):
        raise TypeError(f"a model answers with an AIMessage, not with {type(message)}")
    bad = [
        ToolCall(type="tool_call", name=call["name"] or "", args={}, id=call["id"])
        for call in message.invalid_tool_calls
    ]
    calls = [*message.tool_calls, *bad]
    return message.model_copy(update={"tool_calls": calls, "invalid_tool_calls": []})


def refuse(call_id: str | None, why: str) -> ToolMessage:
    """Return the result of a call that cannot be followed."""
    return ToolMessage(why, tool_call_id=call_id or "", status="error")
