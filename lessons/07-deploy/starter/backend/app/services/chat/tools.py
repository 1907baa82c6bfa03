"""The tools: what the model may do with the tasks of whoever is asking.

No tool has a user among its arguments. The store that it is given holds one user's tasks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openai.types.chat import ChatCompletionFunctionToolParam
from pydantic import BaseModel, Field

from app.models.task import Task, TaskCreate, TaskStatus, TaskUpdate
from app.services.tasks import TaskStore

MOST_TASKS = 50
LONGEST_DESCRIPTION = 200  # characters that the model reads: each of them costs

Fields = dict[str, object]


class ListTasks(BaseModel):
    """List the user's tasks, newest first, all of them or those of one status."""

    status: TaskStatus | None = None


class CreateTask(BaseModel):
    """Add a task for the user."""

    title: str = Field(description="What is to be done, 1 to 200 characters.")
    description: str | None = None


class UpdateTask(BaseModel):
    """Change a task of the user. What is not given stays as it is."""

    task_id: UUID = Field(description="The id, as list_tasks gives it.")
    title: str | None = None
    description: str | None = Field(default=None, description="An empty text clears it.")
    status: TaskStatus | None = None


class DeleteTask(BaseModel):
    """Delete a task of the user, for ever. Only when the user asked for it."""

    task_id: UUID = Field(description="The id, as list_tasks gives it.")


def list_tasks(tasks: TaskStore, arguments: ListTasks) -> Fields:
    """Return the newest tasks, and how many there are."""
    items, total = tasks.list(arguments.status, limit=MOST_TASKS, offset=0)
    return {"total": total, "tasks": [describe(task) for task in items]}


def create_task(tasks: TaskStore, arguments: CreateTask) -> Fields:
    """Add a task and return it."""
    return describe(tasks.add(TaskCreate.model_validate(arguments.model_dump())))


def update_task(tasks: TaskStore, arguments: UpdateTask) -> Fields:
    """Change a task and return it; models often send null for what they leave out."""
    given = arguments.model_dump(exclude={"task_id"}, exclude_none=True)
    return describe(tasks.change(arguments.task_id, TaskUpdate.model_validate(given)))


def delete_task(tasks: TaskStore, arguments: DeleteTask) -> Fields:
    """Delete a task and say which."""
    title = tasks.find(arguments.task_id).title
    tasks.remove(arguments.task_id)
    return {"deleted": title}


def describe(task: Task) -> Fields:
    """Return what the model needs to know of a task."""
    description = task.description or ""
    if len(description) > LONGEST_DESCRIPTION:
        description = f"{description[:LONGEST_DESCRIPTION]}…"
    return {
        "task_id": task.id,
        "title": task.title,
        "description": description,
        "status": task.status,
    }


@dataclass(frozen=True)
class Tool:
    """A function that the model may call, and the arguments that it takes."""

    run: Callable[[TaskStore, Any], Fields]
    arguments: type[BaseModel]

    def as_param(self) -> ChatCompletionFunctionToolParam:
        """Describe the tool to the model: its name, its purpose, the JSON schema of its input."""
        schema = self.arguments.model_json_schema()
        return {
            "type": "function",
            "function": {
                "name": self.run.__name__,
                "description": str(schema.pop("description")),
                "parameters": schema,
            },
        }


TOOLS = {
    tool.run.__name__: tool
    for tool in (
        Tool(list_tasks, ListTasks),
        Tool(create_task, CreateTask),
        Tool(update_task, UpdateTask),
        Tool(delete_task, DeleteTask),
    )
}

PARAMS = [tool.as_param() for tool in TOOLS.values()]
