"""A task: as clients send it, as the database keeps it, as clients get it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import BaseModel, StringConstraints
from sqlalchemy import CheckConstraint, DateTime, Index, String
from sqlmodel import Field, SQLModel

from app.models.account import CapitalId
from app.models.base import now

NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores every character but this one

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_NUL),
]
Description = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]


class TaskStatus(StrEnum):
    """How far a task has come."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class TaskCreate(BaseModel):
    """What a client sends to add a task."""

    title: Title
    description: Description | None = None
    status: TaskStatus = TaskStatus.PENDING


class TaskUpdate(BaseModel):
    """What a client sends to change a task: a field that is not sent stays as it is.

    The defaults are never stored; they only make the fields optional without allowing null.
    """

    title: Title = ""
    description: Description | None = None
    status: TaskStatus = TaskStatus.PENDING


class TaskPublic(BaseModel):
    """What a client gets."""

    id: CapitalId
    user_id: CapitalId
    title: str
    description: str | None
    status: TaskStatus
    created_at: datetime
    updated_at: datetime


class TaskList(BaseModel):
    """One page of tasks, and how many there are in all."""

    items: list[TaskPublic]
    total: int


class Task(SQLModel, table=True):
    """A task of one user; it goes when its user goes."""

    __table_args__ = (
        Index("ix_task_user_id_created_at", "user_id", "created_at"),
        CheckConstraint("status IN ('pending', 'in_progress', 'completed')", "status_known"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE")
    title: str = Field(max_length=200)
    description: str | None = None
    status: TaskStatus = Field(default=TaskStatus.PENDING, sa_type=String(20))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
