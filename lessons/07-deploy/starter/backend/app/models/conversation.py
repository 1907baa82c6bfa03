"""Conversations with the chatbot: as the database keeps them, and as clients get them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, DateTime, Index, String
from sqlmodel import Field, SQLModel

from app.models.base import now


class Role(StrEnum):
    """Who said it."""

    USER = "user"
    ASSISTANT = "assistant"


class MessagePublic(BaseModel):
    """One message, as a client gets it."""

    id: UUID
    role: Role
    content: str
    created_at: datetime


class ConversationPublic(BaseModel):
    """A conversation in a list."""

    id: UUID
    title: str
    created_at: datetime
    updated_at: datetime


class ConversationList(BaseModel):
    """One page of conversations, and how many there are in all."""

    items: list[ConversationPublic]
    total: int


class ConversationDetail(BaseModel):
    """A conversation with all that was said."""

    id: UUID
    title: str
    created_at: datetime
    messages: list[MessagePublic]


class Conversation(SQLModel, table=True):
    """A conversation of one user; it goes when its user goes."""

    __table_args__ = (Index("ix_conversation_user_id_updated_at", "user_id", "updated_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE")
    title: str = Field(max_length=100)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class Message(SQLModel, table=True):
    """What one side said; it goes when its conversation goes."""

    __table_args__ = (
        Index("ix_message_conversation_id_created_at", "conversation_id", "created_at"),
        CheckConstraint("role IN ('user', 'assistant')", "role_known"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", ondelete="CASCADE")
    role: Role = Field(sa_type=String(20))
    content: str
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
