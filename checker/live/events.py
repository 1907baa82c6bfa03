"""Send events to every page that listens (server-sent events)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import PlainTextResponse, Response, StreamingResponse

MOST_WAITING = 100  # events; a page that is so far behind is let go, and connects again
MOST_LISTENERS = 200
MOST_OF_ONE = 20  # listeners at one address; the oldest makes way for one more
PULSE = 15.0  # seconds without an event after which a comment shows that we are still there


class Hub:
    """Knows who listens."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[str | None], str] = {}  # the oldest first

    def send(self, name: str, data: Any) -> None:
        """Send an event to everybody who listens; from the loop's own thread only."""
        event = format_event(name, data)
        for listener in list(self._listeners):
            if listener.full():
                self._let_go(listener)
            else:
                listener.put_nowait(event)

    def close(self) -> None:
        """Let everybody go."""
        for listener in list(self._listeners):
            self._let_go(listener)

    def _let_go(self, listener: "asyncio.Queue[str | None]") -> None:
        self._listeners.pop(listener, None)
        while not listener.empty():
            listener.get_nowait()
        listener.put_nowait(None)

    def stream(self, name: str, data: Any, address: str) -> Response:
        """Return an answer that begins with an event and goes on with all that follow."""
        self._make_room(address)
        if len(self._listeners) >= MOST_LISTENERS:
            return PlainTextResponse("Too many pages are open.", 503, {"Retry-After": "10"})
        listener: asyncio.Queue[str | None] = asyncio.Queue(MOST_WAITING)
        listener.put_nowait(format_event(name, data))
        self._listeners[listener] = address
        return StreamingResponse(self._listen(listener), media_type="text/event-stream")

    def _make_room(self, address: str) -> None:
        """Let the oldest listeners of an address go until it may have one more."""
        own = [listener for listener, other in self._listeners.items() if other == address]
        for listener in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
            self._let_go(listener)

    async def _listen(self, listener: "asyncio.Queue[str | None]") -> AsyncIterator[str]:
        try:
            while True:
                try:
                    event = await asyncio.wait_for(listener.get(), PULSE)
                except TimeoutError:
                    event = ": still here\n\n"
                if event is None:
                    return
                yield event
        finally:
            self._listeners.pop(listener, None)


def format_event(name: str, data: Any) -> str:
    """Write an event; JSON has no line breaks of its own."""
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"
