"""The tools of one user. The user comes from the token, and from nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from pydantic_ai import ModelRetry, RunContext, ToolFailed
from sqlalchemy import Engine
from sqlmodel import Session

from app.models.task import TaskCreate, TaskStatus, TaskUpdate
from app.models.user import User
from app.services.chat.threads import run_in_thread
from app.services.chat.tools import MOST_TASKS, Fields, describe
from app.services.tasks import TaskNotFoundError, TaskStore


@dataclass
class Toolbox:
    """What tools work on: the dependency of a run, of which the model hears nothing."""

    engine: Engine
    user: User
    max_steps: int = 0


Context = RunContext[Toolbox]


async def list_tasks(context: Context, status: TaskStatus | None = None) -> Fields:
    """List the user's tasks, newest first, all of them or those of one status."""

    def work(tasks: TaskStore) -> Fields:
        items, total = tasks.list(status, limit=MOST_TASKS, offset=0)
        return {"total": total, "tasks": [describe(task) for task in items]}

    return await run(context, work)


async def create_task(context: Context, title: str, description: str | None = None) -> Fields:
    """Add a task for the user.

    Args:
        title: What is to be done, 1 to 200 characters.
        description: More about it.
    """

    def work(tasks: TaskStore) -> Fields:
        return describe(tasks.add(TaskCreate(title=title, description=description)))

    return await run(context, work)


async def update_task(
    context: Context,
    task_id: UUID,
    title: str | None = None,
    description: str | None = None,
    status: TaskStatus | None = None,
) -> Fields:
    """Change a task of the user. What is not given stays as it is; an empty description clears it.

    Args:
        task_id: The id, as list_tasks gives it.
    """
    fields = {"title": title, "description": description, "status": status}
    given = {name: value for name, value in fields.items() if value is not None}

    def work(tasks: TaskStore) -> Fields:
        return describe(tasks.change(task_id, TaskUpdate.model_validate(given)))

    return await run(context, work)


async def delete_task(context: Context, task_id: UUID) -> Fields:
    """Delete a task of the user, for ever. Only when the user asked for it.

    Args:
        task_id: The id, as list_tasks gives it.
    """

    def work(tasks: TaskStore) -> Fields:
        title = tasks.find(task_id).title
        tasks.remove(task_id)
        return {"deleted": title}

    return await run(context, work)


async def run(context: Context, work: Callable[[TaskStore], Fields]) -> Fields:
    """Work in a thread, since the database makes its thread wait."""
    box = context.deps
    if context.usage.requests > box.max_steps:
        raise ToolFailed("No more tools in this answer.")

    def work_in_session() -> Fields:
        with Session(box.engine) as session:
            return work(TaskStore(session, box.user))

    try:
        return await run_in_thread(work_in_session)
    except TaskNotFoundError as error:
        raise ToolFailed("There is no such task.") from error
    except ValidationError as error:
        raise ModelRetry(f"The arguments are wrong. {error}") from error


TOOLS = [list_tasks, create_task, update_task, delete_task]
