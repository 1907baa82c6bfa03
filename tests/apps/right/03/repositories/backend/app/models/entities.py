import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

DATABASE_TIME = text("clock_timestamp()")


class Progress(str, enum.Enum):
    pending = "pending"
    in_progress = "in_progress"
    completed = "completed"


class Entity(DeclarativeBase):
    pass


class Account(Entity):
    __tablename__ = "user"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str | None] = mapped_column(String(80))
    hashed_password: Mapped[str] = mapped_column(String(72))
    created_at: Mapped[datetime] = mapped_column(DateTime(True), server_default=DATABASE_TIME)
    tasks: Mapped[list["Task"]] = relationship(back_populates="owner", passive_deletes=True)


class Task(Entity):
    __tablename__ = "task"
    __table_args__ = (Index("task_by_user", "user_id", "status", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    status: Mapped[Progress] = mapped_column(
        Enum(Progress, name="task_status"), server_default="pending"
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(True), server_default=DATABASE_TIME)
    updated_at: Mapped[datetime] = mapped_column(DateTime(True), server_default=DATABASE_TIME)
    owner: Mapped[Account] = relationship(back_populates="tasks")
