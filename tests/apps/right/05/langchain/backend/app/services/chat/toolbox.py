"""The tools of one user. The user comes from the token, and from nowhere else."""

import json
from collections.abc import Callable
from uuid import UUID

from langchain.tools import BaseTool
from langchain_core.tools import StructuredTool
from sqlalchemy import Engine
from sqlmodel import Session

from app.models.task import TaskCreate, TaskStatus, TaskUpdate
from app.models.user import User
from app.services.chat.threads import run_in_thread
from app.services.chat.tools import MOST_TASKS, Fields, describe
from app.services.tasks import TaskStore


class Toolbox:
    """What the model may do with the tasks of one user."""

    def __init__(self, engine: Engine, user: User) -> None:
        self._engine = engine
        self._user = user

    def as_tools(self) -> list[BaseTool]:
        """Return the tools: signatures become schemas, and docstrings tell the purpose."""
        uses = (self.list_tasks, self.create_task, self.update_task, self.delete_task)
        return [StructuredTool.from_function(coroutine=use) for use in uses]

    async def list_tasks(self, status: TaskStatus | None = None) -> str:
        """List the user's tasks, newest first, all of them or those of one status."""

        def work(tasks: TaskStore) -> Fields:
            items, total = tasks.list(status, limit=MOST_TASKS, offset=0)
            return {"total": total, "tasks": [describe(task) for task in items]}

        return await self._run(work)

    async def create_task(self, title: str, description: str | None = None) -> str:
        """Add a task for the user. Its title has 1 to 200 characters."""
        task = TaskCreate(title=title, description=description)
        return await self._run(lambda tasks: describe(tasks.add(task)))

    async def update_task(
        self,
        task_id: UUID,
        title: str | None = None,
        description: str | None = None,
        status: TaskStatus | None = None,
    ) -> str:
        """Change a task of the user. What is not given stays; an empty description clears it."""
        fields = {"title": title, "description": description, "status": status}
        given = {name: value for name, value in fields.items() if value is not None}
        changes = TaskUpdate.model_validate(given)
        return await self._run(lambda tasks: describe(tasks.change(task_id, changes)))

    async def delete_task(self, task_id: UUID) -> str:
        """Delete a task of the user, for ever. Only when the user asked for it."""

        def work(tasks: TaskStore) -> Fields:
            title = tasks.find(task_id).title
            tasks.remove(task_id)
            return {"deleted": title}

        return await self._run(work)

    async def _run(self, work: Callable[[TaskStore], Fields]) -> str:
        """Work in a thread, since the database makes its thread wait."""

        def run() -> str:
            with Session(self._engine) as session:
                result = work(TaskStore(session, self._user))
            return json.dumps(result, ensure_ascii=False, default=str)

        return await run_in_thread(run)
