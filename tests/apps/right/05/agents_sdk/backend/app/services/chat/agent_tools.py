"""Show our tools to the Agents SDK."""

from dataclasses import dataclass, field

from agents import FunctionTool
from agents.tool_context import ToolContext

from app.services.chat.chunks import ToolCall
from app.services.chat.toolbox import Toolbox
from app.services.chat.tools import TOOLS, Tool

NO_MORE = '{"error": "No more tools in this answer."}'


@dataclass
class Work:
    """The context of a run: the SDK hands it to tools, and never sends it to the model.

    Attributes:
        toolbox: Whose tasks they are.
        steps_left: Rounds of tools that may still come; below zero, no tool is used any more.
        tokens: What it has cost so far.
        done: The ids of the calls that went well.
    """

    toolbox: Toolbox
    steps_left: int
    tokens: int = 0
    done: set[str] = field(default_factory=set)


async def use(context: ToolContext[Work], arguments: str) -> str:
    """Use a tool. The arguments are as the model sent them, whatever that was."""
    if context.context.steps_left < 0:
        return NO_MORE
    call = ToolCall(context.tool_call_id, name=context.tool_name, arguments=arguments)
    result = await context.context.toolbox.use(call)
    if not result.is_failed:
        context.context.done.add(call.id)
    return result.content


def make_tools() -> list[FunctionTool]:
    """Return the tools of lesson 5 as the SDK wants them."""
    return [make_tool(name, tool) for name, tool in TOOLS.items()]


def make_tool(name: str, tool: Tool) -> FunctionTool:
    """Return one tool; `@function_tool` would make the same of a function's signature."""
    schema = tool.arguments.model_json_schema()
    return FunctionTool(
        name=name,
        description=str(schema.pop("description")),
        params_json_schema=schema,
        on_invoke_tool=use,
        strict_json_schema=False,  # strict ones may leave no argument out
    )
