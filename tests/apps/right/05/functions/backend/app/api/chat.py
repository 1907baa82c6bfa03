"""The chat over HTTP, events written by hand."""

import json
from collections.abc import AsyncIterator
from itertools import count

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.chat_stream import Answer, describe_failure, wait_while_there
from app.middleware.caller import Caller
from app.models.chat import ChatReply, ChatRequest
from app.services.chat.chat import ChatDep
from app.services.chat.events import Events, Start, Token
from app.settings import SettingsDep

router = APIRouter(prefix="/api/chat")


@router.get("")
async def which(_user: Caller, settings: SettingsDep) -> dict[str, object]:
    return {"model": settings.openai_model, "is_ready": settings.openai_api_key is not None}


@router.post("", response_model=ChatReply)
async def chat(request: Request, question: ChatRequest, chatbot: ChatDep) -> dict[str, object]:
    events = chatbot.answer(question)
    try:
        answer = Answer(await wait_while_there(request, events), events)
        parts = [event.text async for event in answer if isinstance(event, Token)]
    finally:
        await events.aclose()
    return {"conversation_id": answer.conversation_id, "reply": "".join(parts)}


@router.post("/stream")
async def stream(request: Request, question: ChatRequest, chatbot: ChatDep) -> StreamingResponse:
    events = chatbot.answer(question)
    try:
        first = await wait_while_there(request, events)
    except BaseException:
        await events.aclose()
        raise
    return EventStream(Answer(first, events), events)


class EventStream(StreamingResponse):
    """A stream that ends the answer when it ends, whichever way that is."""

    def __init__(self, answer: Answer, events: Events) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(write(answer), media_type="text/event-stream", headers=headers)
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._events.aclose()


async def write(answer: Answer) -> AsyncIterator[bytes]:
    numbers = count(1)

    def event(name: str, data: object) -> bytes:
        lines = (f"id: {next(numbers)}", f"event: {name}", f"data: {json.dumps(data)}", "", "")
        return "\r\n".join(lines).encode()

    yield b": welcome\r\nretry: 60000\r\n\r\n"
    try:
        async for one in answer:
            if isinstance(one, Token):
                yield event("token", {"text": one.text})
            elif isinstance(one, Start):
                yield event("start", {"conversation_id": f"{one.conversation_id}"})
            else:
                yield event("tool", {"name": one.name, "status": one.status})
    except Exception as error:  # noqa: BLE001 - the status is sent: the rest is an event
        yield event("error", describe_failure(error).data)
    else:
        yield event("done", {"conversation_id": f"{answer.conversation_id}"})
