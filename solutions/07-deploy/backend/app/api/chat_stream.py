"""An answer as a stream of events: its beginning, its events on the wire, its failures."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from fastapi.sse import ServerSentEvent

from app.middleware.storage import UNAVAILABLE
from app.models.chat import ChatRequest
from app.services.chat.chat import ChatDep
from app.services.chat.errors import ChatError
from app.services.chat.events import Event, Events, Start, Token

CALLER_GONE = 499  # nobody reads it; proxies write this number into their logs

logger = logging.getLogger("taskboard")


class Answer:
    """An answer that has begun.

    Attributes:
        conversation_id: Where it is kept.
    """

    def __init__(self, start: Event, rest: Events) -> None:
        if not isinstance(start, Start):
            raise TypeError(f"an answer begins with Start, not with {start}")
        self.conversation_id: UUID = start.conversation_id
        self._start = start
        self._rest = rest

    async def __aiter__(self) -> Events:
        """Yield every event, the first one too."""
        yield self._start
        async for event in self._rest:
            yield event


async def begin_answer(
    request: Request, question: ChatRequest, chat: ChatDep
) -> AsyncIterator[Answer]:
    """Wait until the model begins to answer; end the call to it when the request ends.

    A stream says 200 before its first event. So whatever is to have another status must happen
    here, before the route is called.
    """
    async with aclosing(chat.answer(question)) as events:
        first = await wait_while_there(request, events)
        yield Answer(first, events)


BegunAnswer = Annotated[Answer, Depends(begin_answer)]


async def wait_while_there(request: Request, events: Events) -> Event:
    """Return the first event; give up when the caller hangs up before."""
    first = asyncio.ensure_future(anext(events))
    gone = asyncio.ensure_future(wait_for_hang_up(request))
    try:
        await asyncio.wait({first, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not first.done():
            raise HTTPException(CALLER_GONE, "The caller has hung up.")
        return first.result()
    finally:
        for task in (first, gone):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def wait_for_hang_up(request: Request) -> None:
    """Wait until the caller closes the connection; the body has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def describe_event(event: Event) -> ServerSentEvent:
    """Return what a client is told."""
    if isinstance(event, Token):
        return ServerSentEvent(event="token", data={"text": event.text})
    if isinstance(event, Start):
        return ServerSentEvent(event="start", data={"conversation_id": event.conversation_id})
    return ServerSentEvent(event="tool", data={"name": event.name, "status": event.status})


def describe_failure(error: Exception) -> ServerSentEvent:
    """Say in plain words what went wrong, once the status can no longer say it."""
    if isinstance(error, ChatError):
        detail = error.detail
    elif isinstance(error, UNAVAILABLE):
        detail = "The database cannot be reached. Please try again in a moment."
    else:
        logger.error("an answer broke", exc_info=error)
        detail = "Something broke on our side. Please try again."
    return ServerSentEvent(event="error", data={"detail": detail})
