from datetime import UTC, datetime
from enum import Enum
from uuid import uuid4

from sqlalchemy import TIMESTAMP, Computed, ForeignKey, Index, Text, text
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Status(Enum):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


def make_id() -> str:
    return str(uuid4())


def utc() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    type_annotation_map = {str: Text, datetime: TIMESTAMP(timezone=True)}


class User(Base):
    __tablename__ = "user"

    id: Mapped[str] = mapped_column(primary_key=True, default=make_id)
    email: Mapped[str]
    email_key: Mapped[str | None] = mapped_column(Computed("lower(email)", persisted=True), unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    hashed_password: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc, server_default=text("now()"))


class Task(Base):
    __tablename__ = "task"
    __table_args__ = (Index("task_of_user", "user_id", text("created_at DESC")),)

    id: Mapped[str] = mapped_column(primary_key=True, default=make_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE", onupdate="CASCADE"))
    title: Mapped[str]
    description: Mapped[str | None]
    status: Mapped[Status] = mapped_column(
        EnumColumn(Status, native_enum=False, length=20, values_callable=lambda e: [s.value for s in e])
    )
    created_at: Mapped[datetime] = mapped_column(default=utc)
    updated_at: Mapped[datetime] = mapped_column(default=utc)
