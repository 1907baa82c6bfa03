"""Let LangChain's agent ask the model, use the tools, and ask again."""

from asyncio import Queue, create_task
from collections.abc import AsyncGenerator
from typing import Any

from langchain.agents import create_agent
from langchain.messages import AIMessageChunk
from openai.types.chat import ChatCompletionMessageParam

from app.services.chat.chunks import CHARACTERS_A_TOKEN, MOST_TOKENS, clean
from app.services.chat.errors import ModelFailedError
from app.services.chat.events import Token, ToolUse
from app.services.chat.model import Model
from app.services.chat.rules import Rules
from app.services.chat.toolbox import Toolbox

STOPPED = "I stop here: this takes more steps than one answer may have."
DONE = "I have nothing to add."
SILENT = "The model gave an empty answer. Please try again."


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
        self._counted = 0
        self._messages: list[Any] = [*messages]
        self._speaker: str | None = None
        self._rules = Rules(max_steps)
        self._agent = create_agent(model.chat, toolbox.as_tools(), middleware=[self._rules])

    @property
    def tokens(self) -> int:
        """Return what it has cost so far; a guess if it was said and nobody counted."""
        if self._counted or not self.text:
            return min(self._counted, MOST_TOKENS)
        asked = sum(len(str(message.get("content"))) for message in self._messages)
        return (asked + len(self.text)) // CHARACTERS_A_TOKEN

    async def run(self) -> AsyncGenerator[Token | ToolUse, None]:
        """Yield what happens, until the model has nothing more to do or its steps are used up.

        The agent works in a task of its own. When a client leaves, the server cancels again and
        again, and LangGraph, cancelled while it cleans up, leaves the call to the model running.

        Raises:
            ChatError: the model cannot be reached, refuses, fails or says nothing.
        """
        happened: Queue[Token | ToolUse | None] = Queue()
        has_acted = False
        work = create_task(self._work(happened))
        try:
            while event := await happened.get():
                has_acted = True
                yield event
            await work
        finally:
            work.cancel()
        if not has_acted:
            raise ModelFailedError(SILENT)
        if not self.text:
            yield self._say(STOPPED if self._rules.has_stopped else DONE)

    async def _work(self, happened: Queue[Token | ToolUse | None]) -> None:
        """Run the agent, and put what happens into the queue; None is the end."""
        try:
            async for mode, data in self._agent.astream(
                {"messages": self._messages}, stream_mode=["messages", "custom"]
            ):
                event: Any = self._read(data[0]) if mode == "messages" else data
                if event:
                    happened.put_nowait(event)
        finally:
            happened.put_nowait(None)

    def _read(self, message: object) -> Token | None:
        """Count what a piece of the answer costs, and return the text in it."""
        if not isinstance(message, AIMessageChunk):
            return None
        if message.usage_metadata:
            cost = message.usage_metadata["total_tokens"]
            if cost < 0:
                raise ModelFailedError("The model's answer cannot be read. Please try again.")
            self._counted += cost
        text = clean(message.text)
        if not text:
            return None
        begins = self._speaker not in {None, message.id}
        self._speaker = message.id
        return self._say(f"\n\n{text}" if begins else text)

    def _say(self, text: str) -> Token:
        self.text += text
        return Token(text)
