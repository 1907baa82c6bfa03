from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from sqlalchemy import delete, func, select

from app.middleware.auth import Db, Me
from app.models.schemas import Page, TaskIn, TaskOut, TaskPatch
from app.models.tables import Status, Task, utc

router = APIRouter(prefix="/api/tasks")


async def my_task(task_id: UUID, db: Db, user: Me) -> Task:
    task = await db.get(Task, str(task_id))
    if task is None or task.user_id != user.id:
        raise HTTPException(404, [{"loc": ["path", "task_id"], "msg": f"{task_id} not found"}])
    return task


Mine = Annotated[Task, Depends(my_task)]


@router.post("", status_code=201)
async def add(new: TaskIn, db: Db, user: Me, request: Request, response: Response) -> TaskOut:
    task = Task(user_id=user.id, **new.model_dump())
    db.add(task)
    await db.commit()
    response.headers["Location"] = str(request.url_for("read", task_id=task.id))
    return TaskOut.model_validate(task)


@router.get("")
async def page(
    db: Db,
    user: Me,
    status: Status | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> Page:
    mine = select(Task).where(Task.user_id == user.id)
    if status:
        mine = mine.where(Task.status == status)
    total = await db.scalar(select(func.count()).select_from(mine.subquery()))
    rows = await db.scalars(mine.order_by(Task.created_at.desc()).offset(offset).limit(limit))
    items = [TaskOut.model_validate(row) for row in rows]
    return Page(items=items, total=total or 0, more=offset + len(items) < (total or 0))


@router.get("/{task_id}", name="read")
async def read(task: Mine) -> TaskOut:
    return TaskOut.model_validate(task)


@router.patch("/{task_id}")
async def change(patch: TaskPatch, task: Mine, db: Db) -> TaskOut:
    for name in patch.model_fields_set:
        setattr(task, name, getattr(patch, name))
    if patch.model_fields_set:
        task.updated_at = utc()
        await db.commit()
    return TaskOut.model_validate(task)


@router.delete("/{task_id}", status_code=204)
async def remove(task: Mine, db: Db) -> None:
    await db.execute(delete(Task).where(Task.id == task.id))
    await db.commit()
