"""List, add, read, change and delete the tasks of whoever is asking."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi import status as http

from app.api.answers import describe_problems
from app.models.task import Task, TaskCreate, TaskList, TaskPublic, TaskStatus, TaskUpdate
from app.services.tasks import TasksDep

router = APIRouter(
    prefix="/api/tasks", tags=["tasks"], responses=describe_problems(400, 401, 404, 422)
)

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.post("", status_code=http.HTTP_201_CREATED, response_model=TaskPublic)
def create_task(new_task: TaskCreate, tasks: TasksDep, response: Response) -> Task:
    """Add a task; `Location` says where it is."""
    task = tasks.add(new_task)
    response.headers["Location"] = f"/api/tasks/{task.id}"
    return task


@router.get("")
def list_tasks(
    tasks: TasksDep, status: TaskStatus | None = None, limit: Limit = 50, offset: Offset = 0
) -> TaskList:
    """List one page of tasks, newest first."""
    items, total = tasks.list(status, limit, offset)
    return TaskList.model_validate({"items": items, "total": total}, from_attributes=True)


@router.get("/{task_id}", response_model=TaskPublic)
def read_task(task_id: UUID, tasks: TasksDep) -> Task:
    """Read one task."""
    return tasks.find(task_id)


@router.patch("/{task_id}", response_model=TaskPublic)
def change_task(task_id: UUID, changes: TaskUpdate, tasks: TasksDep) -> Task:
    """Change the fields that are sent."""
    return tasks.change(task_id, changes)


@router.delete("/{task_id}", status_code=http.HTTP_204_NO_CONTENT)
def delete_task(task_id: UUID, tasks: TasksDep) -> None:
    """Delete a task."""
    tasks.remove(task_id)
