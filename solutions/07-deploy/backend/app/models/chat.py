"""A question to the chatbot and its answer, as they travel."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from app.models.task import NO_NUL

Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=NO_NUL),
]


class ChatRequest(BaseModel):
    """What a user asks; without a conversation, a new one begins."""

    message: Question
    conversation_id: UUID | None = None


class ChatReply(BaseModel):
    """The whole answer at once."""

    conversation_id: UUID
    reply: str


class ChatModel(BaseModel):
    """Which model answers, and whether the app has a key for it."""

    model: str
    is_ready: bool
