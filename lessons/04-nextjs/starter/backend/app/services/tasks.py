"""Keep the tasks of one user: every query names the user, so nobody sees another's."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import func
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, select

from app.database import SessionDep
from app.middleware.auth import CurrentUser
from app.models.base import now
from app.models.task import Task, TaskCreate, TaskStatus, TaskUpdate
from app.models.user import User


class TaskNotFoundError(Exception):
    """This user has no such task; whether somebody else has is not said."""


class TaskStore:
    """The tasks of one user."""

    def __init__(self, session: Session, user: User) -> None:
        self._session = session
        self._user_id = user.id

    def add(self, new_task: TaskCreate) -> Task:
        """Add a task and return it as it is stored."""
        task = Task(user_id=self._user_id, **new_task.model_dump())
        return self._save(task)

    def find(self, task_id: UUID) -> Task:
        """Return one task.

        Raises:
            TaskNotFoundError: this user has no such task.
        """
        mine = select(Task).where(Task.id == task_id, Task.user_id == self._user_id)
        task = self._session.exec(mine).first()
        if task is None:
            raise TaskNotFoundError
        return task

    def list(self, status: TaskStatus | None, limit: int, offset: int) -> tuple[list[Task], int]:
        """Return one page, newest first, and the number of tasks that the filter lets through."""
        mine = [Task.user_id == self._user_id]
        if status is not None:
            mine.append(Task.status == status)
        total = self._session.exec(select(func.count()).select_from(Task).where(*mine)).one()
        newest_first = (col(Task.created_at).desc(), col(Task.id).desc())
        page = select(Task).where(*mine).order_by(*newest_first).limit(limit).offset(offset)
        return list(self._session.exec(page)), total

    def change(self, task_id: UUID, changes: TaskUpdate) -> Task:
        """Change the fields that were sent, and the time of the last change.

        Raises:
            TaskNotFoundError: this user has no such task.
        """
        task = self.find(task_id)
        sent = changes.model_dump(exclude_unset=True)
        if not sent:
            return task
        task.sqlmodel_update(sent, update={"updated_at": now()})
        return self._save(task)

    def remove(self, task_id: UUID) -> None:
        """Delete a task.

        Raises:
            TaskNotFoundError: this user has no such task.
        """
        self._session.delete(self.find(task_id))
        self._session.commit()

    def _save(self, task: Task) -> Task:
        self._session.add(task)
        try:
            self._session.commit()
            self._session.refresh(task)
        except (StaleDataError, InvalidRequestError) as error:  # somebody deleted it meanwhile
            raise TaskNotFoundError from error
        return task


async def get_tasks(session: SessionDep, user: CurrentUser) -> TaskStore:
    """Return the tasks of whoever is asking."""
    return TaskStore(session, user)


TasksDep = Annotated[TaskStore, Depends(get_tasks)]
