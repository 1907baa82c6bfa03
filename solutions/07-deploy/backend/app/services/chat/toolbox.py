"""Let the model use tools, for one user, whatever it asks for."""

import json
import logging
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from app.models.user import User
from app.services.chat.chunks import ToolCall
from app.services.chat.threads import run_in_thread
from app.services.chat.tools import TOOLS
from app.services.tasks import TaskNotFoundError, TaskStore

logger = logging.getLogger("taskboard")


@dataclass(frozen=True)
class ToolResult:
    """What a tool gave back, as the model reads it."""

    content: str
    is_failed: bool = False


class ToolRefusedError(Exception):
    """The tool cannot be used like this; the text tells the model why."""


class Toolbox:
    """The tools of one user. The user comes from the token, and from nowhere else."""

    def __init__(self, engine: Engine, user: User) -> None:
        self._engine = engine
        self._user = user

    async def use(self, call: ToolCall) -> ToolResult:
        """Use a tool in a thread, since the database makes its thread wait."""
        try:
            result = await run_in_thread(self._run, call)
        except TaskNotFoundError:
            return self._refuse(call, "There is no such task.")
        except ToolRefusedError as error:
            return self._refuse(call, str(error))
        return ToolResult(json.dumps(result, ensure_ascii=False, default=str))

    def _run(self, call: ToolCall) -> object:
        tool = TOOLS.get(call.name)
        if tool is None:
            raise ToolRefusedError(f"There is no such tool. There are: {', '.join(TOOLS)}.")
        try:
            arguments = tool.arguments.model_validate_json(call.arguments or "{}")
            with Session(self._engine) as session:
                return tool.run(TaskStore(session, self._user), arguments)
        except ValidationError as error:
            raise ToolRefusedError(explain(error)) from error

    def _refuse(self, call: ToolCall, why: str) -> ToolResult:
        logger.info("the model's call of %.50r was refused: %.200s", call.name, why)
        return ToolResult(json.dumps({"error": why}), is_failed=True)


def explain(error: ValidationError) -> str:
    """Tell the model which argument is wrong and why."""
    problems = [f"{'.'.join(map(str, e['loc'])) or 'JSON'}: {e['msg']}" for e in error.errors()]
    return f"The arguments are wrong. {'. '.join(problems)}."
