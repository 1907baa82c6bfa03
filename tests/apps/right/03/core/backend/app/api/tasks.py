from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.middleware.who import Connection, Member
from app.models.tables import task

router = APIRouter(prefix="/api/tasks")
Status = Literal["pending", "in_progress", "completed"]
SHOWN = [column for column in task.c if column.name != "number"]


def refuse_blank(value):
    if not value.strip():
        raise ValueError("not empty")
    return value


Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Title = Annotated[Text, Field(max_length=200), AfterValidator(refuse_blank)]


class New(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Title
    description: Text | None = None
    status: Status = "pending"


class Change(New):
    title: Title = "unused"


def mine(who, id):
    return (task.c.user_id == who["id"]) & (task.c.id == id)


def one(result):
    if row := result.mappings().one_or_none():
        return row
    raise HTTPException(404, "No such task.")


@router.post("", status_code=201)
def add(new: New, who: Member, db: Connection, response: Response):
    now, id = datetime.now(UTC), uuid4()
    values = new.model_dump() | {"id": id, "user_id": who["id"], "created_at": now, "updated_at": now}
    response.headers["location"] = f"/api/tasks/{id}"
    return one(db.execute(sa.insert(task).values(values).returning(*SHOWN)))


@router.get("")
def page(
    who: Member,
    db: Connection,
    status: Status | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
):
    wanted = task.c.user_id == who["id"]
    if status:
        wanted &= task.c.status == status
    total = db.scalar(sa.select(sa.func.count()).where(wanted))
    newest = sa.select(*SHOWN).where(wanted).order_by(task.c.number.desc())
    return {
        "items": db.execute(newest.limit(limit).offset(offset)).mappings().all(),
        "total": total,
    }


@router.get("/{id}")
def read(id: UUID, who: Member, db: Connection):
    return one(db.execute(sa.select(*SHOWN).where(mine(who, id))))


@router.patch("/{id}")
def change(id: UUID, sent: Change, who: Member, db: Connection):
    values = sent.model_dump(exclude_unset=True)
    if not values:
        return read(id, who, db)
    values["updated_at"] = datetime.now(UTC)
    return one(db.execute(sa.update(task).where(mine(who, id)).values(values).returning(*SHOWN)))


@router.delete("/{id}", status_code=204)
def delete(id: UUID, who: Member, db: Connection):
    one(db.execute(sa.delete(task).where(mine(who, id)).returning(task.c.id)))
