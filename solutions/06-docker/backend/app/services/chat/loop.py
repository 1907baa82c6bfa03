"""Ask the model, do what it asks for, tell it what came of it, and ask again."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from openai.types.chat import ChatCompletionMessageParam

from app.services.chat.chunks import Reply, ToolCall
from app.services.chat.errors import ModelFailedError
from app.services.chat.events import Token, ToolStatus, ToolUse
from app.services.chat.model import Model
from app.services.chat.toolbox import Toolbox
from app.services.chat.tools import PARAMS

MOST_CALLS = 10  # tools in one round: a model may ask for any number at once
STOPPED = "I stop here: this takes more steps than one answer may have."
DONE = "I have nothing to add."
SILENT = "The model gave an empty answer. Please try again."


class ToolLoop:
    """The way from one question to its answer.

    Attributes:
        text: What has been said so far.
        tokens: What it has cost so far.
    """

    def __init__(
        self,
        model: Model,
        toolbox: Toolbox,
        messages: list[ChatCompletionMessageParam],
        max_steps: int,
    ) -> None:
        self.text = ""
        self.tokens = 0
        self._model = model
        self._toolbox = toolbox
        self._messages = messages
        self._max_steps = max_steps
        self._has_acted = False
        self._is_done = False

    async def run(self) -> AsyncGenerator[Token | ToolUse, None]:
        """Yield what happens, until the model has nothing more to do or its steps are used up.

        Raises:
            ChatError: the model cannot be reached, refuses, fails or says nothing.
        """
        for step in range(self._max_steps + 1):  # one call more, to say what came of the last round
            reply = Reply()
            async with aclosing(self._ask(reply)) as tokens:
                async for token in tokens:
                    yield token
            if not reply.calls or step == self._max_steps:
                break
            async with aclosing(self._use_tools(reply)) as uses:
                async for use in uses:
                    yield use
        if not self.text:
            yield self._say(DONE if self._is_done else STOPPED)

    async def _ask(self, reply: Reply) -> AsyncGenerator[Token, None]:
        """Ask once. What it cost counts, however it ends."""
        try:
            async with aclosing(self._model.ask(self._messages, PARAMS, reply)) as texts:
                async for text in texts:
                    yield self._say(text, begins=text == reply.text)
        finally:
            self.tokens += reply.count_tokens(self._messages)
        self._is_done = not reply.calls
        if self._is_done and not self.text and not self._has_acted:
            raise ModelFailedError(SILENT)

    def _say(self, text: str, *, begins: bool = False) -> Token:
        """Add to the answer; what is said after a round of tools begins a new paragraph."""
        if begins and self.text:
            text = f"\n\n{text}"
        self.text += text
        return Token(text)

    async def _use_tools(self, reply: Reply) -> AsyncGenerator[ToolUse, None]:
        """Use the tools one after the other, and put what came of it before the model."""
        calls = reply.calls[:MOST_CALLS]
        self._messages.append(reply.as_message(calls))
        for call in calls:
            yield ToolUse(call.name, ToolStatus.RUNNING)
            yield await self._use(call)

    async def _use(self, call: ToolCall) -> ToolUse:
        """Use one tool. Its result goes to the model as what it is: data of a tool."""
        result = await self._toolbox.use(call)
        self._has_acted = True
        self._messages.append({"role": "tool", "tool_call_id": call.id, "content": result.content})
        return ToolUse(call.name, ToolStatus.FAILED if result.is_failed else ToolStatus.COMPLETED)
