"""Ask the chatbot: the whole answer at once, or as it comes."""

import json
from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.sse import ServerSentEvent as Described
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.api.answers import describe_problems
from app.api.chat_stream import Answer, BegunAnswer, describe_event, describe_failure
from app.middleware.caller import Caller
from app.models.chat import ChatModel, ChatReply, ChatRequest
from app.services.chat.chat import ChatDep
from app.services.chat.events import Start, Token
from app.settings import SettingsDep

router = APIRouter(
    prefix="/api/chat",
    tags=["chat"],
    responses=describe_problems(400, 401, 404, 422, 429, 502),
)


@router.get("")
async def read_model(_user: Caller, settings: SettingsDep) -> ChatModel:
    """Tell which model answers."""
    return ChatModel(model=settings.openai_model, is_ready=settings.openai_api_key is not None)


@router.post("")
async def answer(question: ChatRequest, chat: ChatDep) -> ChatReply:
    """Answer a question, all at once."""
    conversation_id = question.conversation_id
    reply = ""
    async for event in chat.answer(question):
        if isinstance(event, Start):
            conversation_id = event.conversation_id
        elif isinstance(event, Token):
            reply += event.text
    return ChatReply.model_validate({"conversation_id": conversation_id, "reply": reply})


@router.post("/stream")
async def stream_answer(begun: BegunAnswer) -> EventSourceResponse:
    """Answer a question word by word. What fails before the first word has a status of its own."""
    return EventSourceResponse(write(begun), ping=15)


async def write(begun: Answer) -> AsyncIterator[ServerSentEvent]:
    """Yield the events as they are sent."""
    try:
        async for event in begun:
            yield encode(describe_event(event))
    except Exception as error:  # noqa: BLE001 - the status has been sent: all else is an event
        yield encode(describe_failure(error))
    else:
        yield ServerSentEvent(
            event="done", data=json.dumps({"conversation_id": f"{begun.conversation_id}"})
        )


def encode(event: Described) -> ServerSentEvent:
    """Return an event as sse-starlette takes it."""
    return ServerSentEvent(event=event.event, data=json.dumps(event.data, default=str))
