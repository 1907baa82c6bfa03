"""What happens while an answer comes: each is one event of the stream."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ToolStatus(StrEnum):
    """How far the use of a tool has come."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True)
class Start:
    """The model has begun to answer; from here on the question is kept."""

    conversation_id: UUID


@dataclass(frozen=True)
class Token:
    """The next piece of text."""

    text: str


@dataclass(frozen=True)
class ToolUse:
    """The model uses a tool."""

    name: str
    status: ToolStatus


Event = Start | Token | ToolUse
Events = AsyncGenerator[Event, None]
