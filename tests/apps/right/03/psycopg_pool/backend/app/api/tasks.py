import uuid
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response
from psycopg import sql

from app.database import connected, fetch
from app.middleware.auth import Me
from app.models.bodies import Status, TaskIn, TaskPatch

router = APIRouter(prefix="/api/tasks", tags=["tasks"])


def only(rows):
    if not rows:
        raise HTTPException(404, "There is no such task")
    return rows[0]


@router.post("", status_code=201)
async def create(body: TaskIn, user: Me, response: Response):
    rows = await fetch(
        "insert into task (id, user_id, title, description, status)"
        " values (%(id)s, %(user)s, %(title)s, %(description)s, %(status)s) returning *",
        id=uuid.uuid4(),
        user=user.id,
        **body.model_dump(),
    )
    response.headers["Location"] = router.prefix + "/" + str(rows[0]["id"])
    return rows[0]


@router.get("")
async def index(
    user: Me,
    status: Status | None = None,
    limit: Annotated[int, Query(gt=0, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, lt=2**62)] = 0,
):
    values = {"user": user.id, "status": status, "limit": limit, "offset": offset}
    mine = "from task where user_id = %(user)s and (%(status)s::text is null or status = %(status)s)"
    async with connected() as db:
        page = await db.execute(
            f"select * {mine} order by created_at desc, id limit %(limit)s offset %(offset)s", values
        )
        items = await page.fetchall()
        count = await (await db.execute(f"select count(*) {mine}", values)).fetchone()
    return {"items": items, "total": count["count"]}


@router.get("/{task_id}")
async def show(task_id: uuid.UUID, user: Me):
    return only(
        await fetch("select * from task where (id, user_id) = (%(id)s, %(user)s)", id=task_id, user=user.id)
    )


@router.patch("/{task_id}")
async def update(task_id: uuid.UUID, body: TaskPatch, user: Me):
    sent = body.model_dump(exclude_unset=True)
    if not sent:
        return await show(task_id, user)
    columns = [sql.SQL("{} = {}").format(sql.Identifier(n), sql.Placeholder(n)) for n in sent]
    statement = sql.SQL(
        "update task set {}, updated_at = clock_timestamp()"
        " where id = %(id)s and user_id = %(user)s returning *"
    ).format(sql.SQL(", ").join(columns))
    return only(await fetch(statement, id=task_id, user=user.id, **sent))


@router.delete("/{task_id}", status_code=204)
async def destroy(task_id: uuid.UUID, user: Me):
    only(
        await fetch(
            "delete from task where id = %(id)s and user_id = %(user)s returning id",
            id=task_id,
            user=user.id,
        )
    )
