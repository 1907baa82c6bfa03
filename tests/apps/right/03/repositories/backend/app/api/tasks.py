from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from app.middleware.context import current, unit
from app.models.entities import DATABASE_TIME, Progress, Task
from app.models.messages import AddTask, ChangeTask, Present


class Missing(Exception):
    def __init__(self, task_id: UUID) -> None:
        self.task_id = task_id


class TasksApi:
    def __init__(self) -> None:
        self.router = APIRouter(prefix="/api/tasks")
        self.router.post("", status_code=201)(self.add)
        self.router.get("")(self.page)
        self.router.get("/{task_id}")(self.read)
        self.router.patch("/{task_id}")(self.change)
        self.router.delete("/{task_id}", status_code=204)(self.remove)

    @staticmethod
    def find(task_id: UUID = Path(), account=Depends(current), unit=Depends(unit)) -> Task:
        if task := unit.tasks.of(account, task_id):
            return task
        raise Missing(task_id)

    def add(self, message: AddTask, response: Response, account=Depends(current), unit=Depends(unit)):
        task = Task(owner=account, **message.model_dump())
        unit.tasks.add(task)
        answer = Present.task(task)
        unit.commit()
        response.headers["Location"] = f"/api/tasks/{task.id}"
        return answer

    def page(
        self,
        status: Progress | None = None,
        limit: int = Query(50, gt=0, lt=101),
        offset: int = Query(0, ge=0, lt=2**63),
        account=Depends(current),
        unit=Depends(unit),
    ):
        tasks, total = unit.tasks.page(account, status, limit, offset)
        return {"items": [Present.task(task) for task in tasks], "total": total}

    def read(self, task=Depends(find)):
        return Present.task(task)

    def change(self, message: ChangeTask, task=Depends(find), unit=Depends(unit)):
        for name in message.model_fields_set:
            setattr(task, name, getattr(message, name))
        if message.model_fields_set:
            task.updated_at = DATABASE_TIME
        unit.commit()
        return Present.task(task)

    def remove(self, task=Depends(find), unit=Depends(unit)) -> None:
        unit.tasks.remove(task)
        unit.commit()
