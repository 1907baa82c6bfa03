from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models.entities import Account, Progress, Task


class Repository:
    def __init__(self, session: Session) -> None:
        self.session = session


class Accounts(Repository):
    def add(self, **values) -> Account | None:
        """Return nothing when somebody has the address."""
        statement = insert(Account).values(**values).on_conflict_do_nothing().returning(Account)
        return self.session.scalar(statement)

    def by_id(self, account_id: UUID) -> Account | None:
        return self.session.get(Account, account_id)

    def by_email(self, email: str) -> Account | None:
        return self.session.scalars(select(Account).filter_by(email=email)).one_or_none()


class Tasks(Repository):
    def add(self, task: Task) -> None:
        self.session.add(task)
        self.session.flush()

    def of(self, owner: Account, task_id: UUID) -> Task | None:
        return self.session.scalars(select(Task).filter_by(id=task_id, user_id=owner.id)).first()

    def page(self, owner: Account, status: Progress | None, limit: int, offset: int):
        query = select(Task, func.count().over()).where(Task.user_id == owner.id)
        query = query if status is None else query.where(Task.status == status)
        rows: Sequence = self.session.execute(
            query.order_by(Task.created_at.desc(), Task.id).limit(limit).offset(offset)
        ).all()
        if rows or not offset:
            return [task for task, _ in rows], rows[0][1] if rows else 0
        return [], self.page(owner, status, 1, 0)[1]

    def remove(self, task: Task) -> None:
        self.session.delete(task)
