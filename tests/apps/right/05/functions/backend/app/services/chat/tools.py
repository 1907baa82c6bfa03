"""The tools as functions: what the model may give is what stands behind the store."""

import inspect
import json
from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationError, create_model

from app.models.task import TaskCreate, TaskStatus, TaskUpdate
from app.services.tasks import TaskNotFoundError, TaskStore

TOOLS: dict[str, Callable[[TaskStore, str], str]] = {}
PARAMS: list[Any] = []

Id = Annotated[UUID, Field(description="as list_tasks shows it")]
State = Literal["pending", "in_progress", "completed"]
SHOWN = {"id", "title", "description", "status"}


class BadCallError(Exception):
    """The text is for the model."""


def tool(function: Callable[..., object]) -> Callable[..., object]:
    """Offer a function to the model; its docstring is the description."""
    _store, *parameters = inspect.signature(function).parameters.values()
    fields: dict[str, Any] = {
        p.name: (p.annotation, ... if p.default is p.empty else p.default) for p in parameters
    }
    arguments = create_model(function.__name__, **fields)

    def use(store: TaskStore, text: str) -> str:
        try:
            given = arguments.model_validate_json(text or "{}")
            result = function(store, **dict(given))
        except ValidationError as error:
            first = error.errors()[0]
            raise BadCallError(f"{first['loc']}: {first['msg']}") from error
        except TaskNotFoundError as error:
            raise BadCallError("no such task") from error
        return json.dumps(result, default=str, ensure_ascii=False)

    TOOLS[function.__name__] = use
    schema = {k: v for k, v in arguments.model_json_schema().items() if k != "title"}
    described = {"description": inspect.getdoc(function), "parameters": schema}
    PARAMS.append({"type": "function", "function": {"name": function.__name__, **described}})
    return function


@tool
def list_tasks(store: TaskStore, status: State | None = None) -> object:
    """Show the newest tasks of the user, all or of one status."""
    wanted = TaskStatus(status) if status else None
    items, total = store.list(wanted, limit=100, offset=0)
    return {"all": total, "shown": [task.model_dump(include=SHOWN) for task in items]}


@tool
def create_task(store: TaskStore, title: str, description: str | None = None) -> object:
    """Write a new task down."""
    task = store.add(TaskCreate.model_validate({"title": title, "description": description}))
    return task.model_dump(include=SHOWN)


@tool
def update_task(
    store: TaskStore,
    task_id: Id,
    title: str | None = None,
    description: str | None = None,
    status: State | None = None,
) -> object:
    """Change a task; leave out what stays."""
    given = {"title": title, "description": description, "status": status}
    wanted = {name: value for name, value in given.items() if value is not None}
    task = store.change(task_id, TaskUpdate.model_validate(wanted))
    return task.model_dump(include=SHOWN)


@tool
def delete_task(store: TaskStore, task_id: Id) -> object:
    """Throw a task away. There is no way back."""
    store.remove(task_id)
    return "deleted"


@tool
def count_tasks(store: TaskStore) -> object:
    """Say how many tasks there are of each status."""
    return {status: store.list(status, limit=1, offset=0)[1] for status in TaskStatus}


@tool
def write_invitation(store: TaskStore, task_id: Id, email: str) -> object:
    """Write to somebody about a task: a text that the user sends."""
    return f"To: {email}\nWill you help me? {store.find(task_id).title}"
