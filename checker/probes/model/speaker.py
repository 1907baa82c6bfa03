"""Do what a turn of a script says, in the protocol and the manner that were asked for."""

import asyncio

from checker.probes.model.caller import Caller
from checker.probes.model.chat_wire import ChatWire
from checker.probes.model.question import RESPONSES, Question
from checker.probes.model.responses_wire import ResponsesWire
from checker.probes.model.script import (
    Call,
    Cut,
    EndEarly,
    Pause,
    Raw,
    Refuse,
    Script,
    Text,
    Wait,
)

STREAM = "text/event-stream; charset=utf-8"


class Speaker:
    """Answers one question.

    Args:
        caller: Whoever asked.
        question: What they asked.
        script: What is to be done.
    """

    def __init__(self, caller: Caller, question: Question, script: Script) -> None:
        self._caller = caller
        self._question = question
        self._script = script
        self._wire = make_wire(question, script.tokens)
        self._calls = 0

    async def play(self) -> None:
        """Do one piece after the other, and say at the end that the answer is complete.

        Raises:
            CallerGoneError: whoever asked has left.
        """
        for piece in self._script.choose_turn(self._question):
            match piece:
                case Wait():
                    await self._script.gate.acquire()
                case Pause(seconds):
                    await asyncio.sleep(seconds)
                case Text() | Call():
                    await self._say(piece)
                case Refuse(status, code, headers, text):
                    return await self._caller.refuse(status, code, text, headers)
                case Raw(body, content_type):
                    return await self._caller.answer(body, content_type=content_type)
                case Cut():
                    return await self._begin()
                case EndEarly():
                    await self._begin()
                    return await self._caller.finish()
        if not self._question.is_streamed:
            return await self._caller.answer(self._wire.as_whole())
        await self._begin()
        await self._caller.send(self._wire.end())
        return await self._caller.finish()

    async def _begin(self) -> None:
        """Send the head of a stream, once."""
        if self._question.is_streamed and not self._caller.has_begun:
            await self._caller.begin(200, STREAM, {})
            await self._caller.send(self._wire.begin())

    async def _say(self, piece: Text | Call) -> None:
        """Send a token or a call, or keep it for those who want all at once."""
        await self._begin()
        if isinstance(piece, Text):
            data = self._wire.add_text(piece.text)
        else:
            call_id = f"call_{self._question.round}_{self._calls}_test"
            self._calls += 1
            data = self._wire.add_call(call_id, piece.name, piece.arguments)
        if self._question.is_streamed:
            await self._caller.send(data)


def make_wire(question: Question, tokens: int) -> ChatWire | ResponsesWire:
    """Return the writer of the protocol in which was asked."""
    model = str(question.body.get("model"))
    if question.path == RESPONSES:
        return ResponsesWire(model, tokens)
    options = question.body.get("stream_options") or {}
    return ChatWire(model, tokens, wants_usage=bool(options.get("include_usage")))
