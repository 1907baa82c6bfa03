"""Give the Agents SDK a client that keeps the promises of lesson 5.

The SDK takes a stream that ends early for a whole answer, unless it comes from OpenAI itself, and
it sets no limit to silence. Both are added here, where its calls pass.
"""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any, cast

from agents import OpenAIChatCompletionsModel
from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam

from app.services.chat.agent_tools import Work
from app.services.chat.chunks import Reply
from app.services.chat.errors import ModelFailedError
from app.services.chat.failures import explain_failures
from app.services.chat.model import Model

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Chunks = AsyncGenerator[ChatCompletionChunk, None]


class CheckedClient:
    """What the SDK uses of a client: `client.chat.completions.create(…)`."""

    base_url = ""

    def __init__(self, model: Model, work: Work) -> None:
        self.chat = self.completions = self
        self._model = model
        self._work = work

    async def create(self, **options: Any) -> Chunks:
        """Open a stream with the settings of the app. Of the SDK's options, two matter."""
        tools = options["tools"] or []
        with explain_failures():
            stream = await self._model.open(options["messages"], tools)
        return self._check(stream, options["messages"])

    async def _check(self, stream: Any, messages: list[ChatCompletionMessageParam]) -> Chunks:
        reply = Reply()
        try:
            with explain_failures():
                async with stream as chunks:
                    while chunk := await self._model.read(chunks):
                        reply.add(chunk)
                        yield chunk
        finally:
            self._work.tokens += reply.count_tokens(messages)
        if not reply.is_finished:
            raise ModelFailedError("The model broke off in the middle. Please try again.")
        self._work.steps_left -= bool(reply.calls)


def make_agent_model(model: Model, work: Work) -> OpenAIChatCompletionsModel:
    """Return the model for an agent: Chat Completions, since not every server knows Responses."""
    client = cast("AsyncOpenAI", CheckedClient(model, work))
    return OpenAIChatCompletionsModel(model.name, client)
